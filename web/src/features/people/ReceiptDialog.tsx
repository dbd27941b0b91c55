// The receipt that a deletion gave. Terminals confirm within moments when they are online, so it is read anew for a while.

import { useQuery } from "@tanstack/react-query";
import { Button, Modal } from "antd";
import { useTranslation } from "react-i18next";
import { type Erasure, getErasure } from "#api/gen/smartpass/v1/people_http";
import { query } from "#api/query";
import { may, useSession } from "#api/session";
import { useReturnFocus } from "#ui/useReturnFocus";
import { Receipt } from "./Receipt";

interface ReceiptDialogProps {
    erasure: Erasure;
    onClose: () => void;
}

const POLL_MS = 2_000;

export default function ReceiptDialog({ erasure, onClose }: ReceiptDialogProps) {
    const { t } = useTranslation("erasures");
    const permitted = may(useSession(), getErasure);
    const { data = erasure } = useQuery({
        ...query(getErasure, { id: erasure.id }),
        enabled: permitted && erasure.pending > 0,
        refetchInterval: ({ state }) => (state.data?.pending === 0 ? false : POLL_MS),
    });
    useReturnFocus();
    return (
        <Modal
            open
            title={t("receipt.title", { name: erasure.name })}
            footer={<Button onClick={onClose}>{t("receipt.close")}</Button>}
            onCancel={onClose}
        >
            <Receipt erasure={data} />
        </Modal>
    );
}
