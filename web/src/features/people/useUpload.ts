// One file on its way to the server, with how far it is.

import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { type TransferFile, uploadImport } from "#api/gen/smartpass/v1/transfer_http";

export interface Upload {
    /** As the reader's computer calls it; "": none was chosen. */
    readonly name: string;
    /** Bytes. */
    readonly sent: number;
    readonly total: number;
    readonly busy: boolean;
    readonly file: TransferFile | undefined;
    readonly error: unknown;
    readonly choose: (file: File | undefined) => void;
    readonly reset: () => void;
}

const NONE = { name: "", sent: 0, total: 0 };

export function useUpload(): Upload {
    const [state, setState] = useState(NONE);
    const running = useRef<AbortController>(undefined);
    const { mutate, reset, isPending, data, error } = useMutation({
        mutationFn: ({ file, signal }: { file: File; signal: AbortSignal }) =>
            uploadImport(file, {
                signal,
                onProgress: (sent, total) => !signal.aborted && setState({ name: file.name, sent, total }),
            }),
    });
    useEffect(() => () => running.current?.abort(), []);

    /** Whatever was under way no longer counts. */
    const clear = () => {
        running.current?.abort();
        reset();
        setState(NONE);
    };
    const choose = (file: File | undefined) => {
        if (!file) return;
        clear();
        running.current = new AbortController();
        setState({ name: file.name, sent: 0, total: file.size });
        mutate({ file, signal: running.current.signal });
    };
    return { ...state, busy: isPending, file: data, error, choose, reset: clear };
}
