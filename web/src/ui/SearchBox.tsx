import { Input } from "antd";
import { useEffect, useState } from "react";
import { SearchIcon } from "./icons";

interface SearchBoxProps {
    value: string;
    onChange: (value: string) => void;
    label: string;
}

// The API takes 96 bytes, and a Chinese character is three of them.
const MOST_CHARACTERS = 32;

const PAUSE_MS = 300;

/** Searches while one types, after a short pause; at once on Enter. */
export function SearchBox({ value, onChange, label }: SearchBoxProps) {
    const [draft, setDraft] = useState(value);
    const [sent, setSent] = useState(value);
    const [known, setKnown] = useState(value);

    // The address changed by other means than this box: "clear filters", or the browser's back button.
    if (value !== known) {
        setKnown(value);
        if (value !== sent) {
            setSent(value);
            setDraft(value);
        }
    }

    const send = (next: string) => {
        if (next === sent) return;
        setSent(next);
        onChange(next);
    };

    useEffect(() => {
        if (draft === sent) return;
        const timer = window.setTimeout(() => {
            setSent(draft);
            onChange(draft);
        }, PAUSE_MS);
        return () => window.clearTimeout(timer);
    }, [draft, sent, onChange]);

    return (
        <Input
            className="search-box"
            type="search"
            prefix={<SearchIcon />}
            placeholder={label}
            aria-label={label}
            maxLength={MOST_CHARACTERS}
            allowClear
            value={draft}
            onChange={(event) => setDraft(event.target.value)}
            onPressEnter={() => send(draft)}
        />
    );
}
