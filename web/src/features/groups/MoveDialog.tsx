import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Form, Modal } from "antd";
import { useTranslation } from "react-i18next";
import { type Group, updateGroup } from "#api/gen/smartpass/v1/org_http";
import { refresh } from "#api/query";
import { moveProblem } from "#lib/groupTree";
import { GroupSelect } from "#ui/GroupSelect";
import { OtherRefusal, useFieldRefusals } from "#ui/refusals";
import { toast } from "#ui/toasts";
import { useReturnFocus } from "#ui/useReturnFocus";
import { affectedByGroups } from "./affected";

interface MoveDialogProps {
    group: Group;
    /** Where it was dropped; undefined: not chosen yet. */
    to: string | undefined;
    groups: readonly Group[];
    onClose: () => void;
}

const REFUSALS = { fields: { "group.parent_id": "parentId", "group.name": "parentId" }, words: "groups" };

export function MoveDialog({ group, to, groups, onClose }: MoveDialogProps) {
    const { t } = useTranslation("groups");
    const { t: ui } = useTranslation("ui");
    const [form] = Form.useForm<{ parentId: string }>();
    const client = useQueryClient();
    const show = useFieldRefusals(form, REFUSALS);
    const nameOf = (id: string) => groups.find((one) => one.id === id)?.name ?? "";
    const moving = useMutation({
        mutationFn: ({ parentId }: { parentId: string }) =>
            updateGroup({ group: { id: group.id, name: group.name, parentId } }),
        onSuccess: (moved, { parentId }) => {
            toast("ok", t("form.moved", { name: moved.name, parent: nameOf(parentId) }));
            refresh(client, ...affectedByGroups);
            onClose();
        },
        onError: show,
    });
    useReturnFocus();

    return (
        <Modal
            open
            title={t("form.moveTitle", { name: group.name })}
            okText={t("form.move")}
            cancelText={ui("cancel")}
            confirmLoading={moving.isPending}
            onOk={form.submit}
            onCancel={onClose}
            width={500}
        >
            <Form
                form={form}
                layout="vertical"
                requiredMark={false}
                initialValues={{ parentId: to }}
                onFinish={moving.mutate}
            >
                <OtherRefusal error={moving.error} {...REFUSALS} />
                <Form.Item
                    label={t("form.target")}
                    name="parentId"
                    rules={[{ required: true, message: t("violation.FIELD_REQUIRED") }]}
                >
                    <GroupSelect
                        groups={groups}
                        autoFocus
                        blocked={(id) => {
                            const problem = moveProblem(groups, group.id, id);
                            return problem && t(`violation.${problem}`);
                        }}
                    />
                </Form.Item>
            </Form>
            <p className="meta">{t("form.moveHint", { name: group.name })}</p>
        </Modal>
    );
}
