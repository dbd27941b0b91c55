import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Form, Input, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import {
    deleteEnterprise,
    type Enterprise,
    getEnterprise,
    listEnterprises,
} from "#api/gen/smartpass/v1/enterprises_http";
import { listOperations } from "#api/gen/smartpass/v1/operations_http";
import { query, refresh } from "#api/query";
import { ConfirmDialog } from "#ui/ConfirmDialog";
import { Failure } from "#ui/Notice";
import { OtherRefusal } from "#ui/refusals";
import { toast } from "#ui/toasts";
import { useReturnFocus } from "#ui/useReturnFocus";

/** Says what goes for good, and takes nothing but the name itself for a yes. */
export function DeleteDialog({ enterprise, onClose }: { enterprise: Enterprise; onClose: () => void }) {
    const { t } = useTranslation("enterprises");
    const client = useQueryClient();
    const [typed, setTyped] = useState("");
    const { id, name } = enterprise;
    // The row may be older than what has come to the enterprise since.
    const current = useQuery({ ...query(getEnterprise, { id }), staleTime: 0 });
    const fresh = current.isFetchedAfterMount ? current.data : undefined;
    const { mutate, isPending, error } = useMutation({
        mutationFn: () => deleteEnterprise({ id, confirmName: typed }),
        onSuccess: () => {
            toast("ok", t("deleting.started", { name }));
            refresh(client, listEnterprises, getEnterprise, listOperations);
            onClose();
        },
        onError: () => refresh(client, listEnterprises),
    });
    useReturnFocus();

    const same = typed === name;
    const wrong = typed !== "" && !name.startsWith(typed);
    return (
        <ConfirmDialog
            open
            title={t("deleting.title", { name })}
            action={t("deleting.action")}
            busy={isPending}
            blocked={!same || !fresh}
            onConfirm={() => mutate()}
            onCancel={onClose}
        >
            <OtherRefusal error={error} fields={{}} words="enterprises" />
            <p>{t("deleting.intro")}</p>
            {current.error && <Failure error={current.error} onRetry={() => void current.refetch()} />}
            {fresh ? <WhatGoes enterprise={fresh} /> : !current.error && <Skeleton active title={false} />}
            <Form layout="vertical" onFinish={() => same && fresh && mutate()}>
                <Form.Item
                    label={t("deleting.confirm", { name })}
                    htmlFor="confirm-name"
                    validateStatus={wrong ? "error" : ""}
                    help={wrong && <span role="alert">{t("deleting.differs")}</span>}
                >
                    <Input
                        id="confirm-name"
                        autoComplete="off"
                        spellCheck={false}
                        value={typed}
                        onChange={(event) => setTyped(event.target.value)}
                    />
                </Form.Item>
            </Form>
        </ConfirmDialog>
    );
}

function WhatGoes({ enterprise }: { enterprise: Enterprise }) {
    const { t } = useTranslation("enterprises");
    const { userCount, personCount, deviceCount } = enterprise;
    return (
        <ul className="what-goes">
            {userCount > 0 && <li>{t("deleting.users", { count: userCount })}</li>}
            {personCount > 0 && <li>{t("deleting.people", { count: personCount })}</li>}
            {deviceCount > 0 && <li>{t("deleting.devices", { count: deviceCount })}</li>}
            <li>{t("deleting.rest")}</li>
            <li>{t("deleting.goesOn")}</li>
        </ul>
    );
}
