// A new upgrade: which package, to whom, in which stages.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Checkbox, Form, Input, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { listDevices } from "#api/gen/smartpass/v1/devices_http";
import { createRollout, listPackages, listRollouts } from "#api/gen/smartpass/v1/packages_http";
import { query, refresh } from "#api/query";
import { FormDrawer } from "#ui/FormDrawer";
import { GroupSelect } from "#ui/GroupSelect";
import { useGroups } from "#ui/GroupTree";
import { GuardedButton } from "#ui/GuardedButton";
import { OtherRefusal, useFieldRefusals } from "#ui/refusals";
import { toast } from "#ui/toasts";
import { stagesOf } from "./rollouts";
import { idsOf, type RolloutsSearch } from "./search";

interface RolloutFormProps {
    search: RolloutsSearch;
    onClose: () => void;
    onStarted: (id: string) => void;
}

const MOST_PACKAGES = 100;

export default function RolloutForm({ search, onClose, onStarted }: RolloutFormProps) {
    const { t } = useTranslation("packages");
    const packages = useQuery(query(listPackages, { pageSize: MOST_PACKAGES }));
    return (
        <FormDrawer
            open
            title={t("rollouts.form.title")}
            size={520}
            ready={packages.data !== undefined}
            error={packages.error}
            onRetry={() => void packages.refetch()}
            onClose={onClose}
        >
            {(onChanged) => (
                <Fields
                    search={search}
                    options={(packages.data?.packages ?? []).map(({ id, version, model }) => ({
                        value: id,
                        label: `${version}, ${model || t("anyModel")}`,
                    }))}
                    onChanged={onChanged}
                    onStarted={onStarted}
                />
            )}
        </FormDrawer>
    );
}

interface Values {
    packageId: string;
    groupId?: string;
    stages: string;
    stopPercent: number;
    force: boolean;
}

const REFUSED = {
    words: "packages",
    fields: { package_id: "packageId", group_id: "groupId", stages: "stages", stop_percent: "stopPercent" },
} as const;

interface FieldsProps {
    search: RolloutsSearch;
    options: { value: string; label: string }[];
    onChanged: () => void;
    onStarted: (id: string) => void;
}

function Fields({ search, options, onChanged, onStarted }: FieldsProps) {
    const { t } = useTranslation("packages");
    const client = useQueryClient();
    const [form] = Form.useForm<Values>();
    const groups = useGroups();
    const devices = idsOf(search.devices);
    const show = useFieldRefusals(form, REFUSED);
    const group = Form.useWatch("groupId", form) ?? search.group;
    const starting = useMutation({
        mutationFn: ({ packageId, groupId, stages, stopPercent, force }: Values) =>
            createRollout({
                packageId,
                ...(devices.length > 0 ? { deviceIds: [...devices] } : { groupId: groupId ?? "0" }),
                stages: [...(stagesOf(stages) ?? [])],
                stopPercent,
                force,
            }),
        onSuccess: ({ id, version }) => {
            toast("ok", t("rollouts.form.started", { version }));
            refresh(client, listRollouts, listPackages);
            onStarted(id);
        },
        onError: show,
    });
    const required = { required: true, message: t("violation.FIELD_REQUIRED") };
    return (
        <Form<Values>
            form={form}
            layout="vertical"
            requiredMark={false}
            initialValues={{
                ...(search.package && { packageId: search.package }),
                ...(search.group && { groupId: search.group }),
                stages: "",
                stopPercent: 10,
                force: false,
            }}
            onValuesChange={onChanged}
            onFinish={(values) => starting.mutate(values)}
            scrollToFirstError={{ focus: true }}
        >
            {options.length === 0 && (
                <Alert className="form-alert" type="warning" title={t("rollouts.form.noPackages")} />
            )}
            <OtherRefusal error={starting.error} {...REFUSED} />
            <Form.Item label={t("rollouts.form.package")} name="packageId" rules={[required]}>
                <Select options={options} />
            </Form.Item>
            {devices.length > 0 ? (
                <p className="form-note">{t("rollouts.form.chosen", { count: devices.length })}</p>
            ) : (
                <Form.Item
                    label={t("rollouts.form.group")}
                    name="groupId"
                    rules={[required]}
                    extra={<InGroup group={group} />}
                >
                    <GroupSelect groups={groups} />
                </Form.Item>
            )}
            <Form.Item
                label={t("rollouts.form.stages")}
                name="stages"
                extra={t("rollouts.form.stagesHint")}
                rules={[
                    {
                        validator: (_: unknown, value: string) =>
                            stagesOf(value ?? "")
                                ? Promise.resolve()
                                : Promise.reject(new Error(t("rollouts.form.stagesWrong"))),
                    },
                ]}
            >
                <Input placeholder="10, 50, 100" autoComplete="off" />
            </Form.Item>
            <Form.Item
                label={t("rollouts.form.stop")}
                name="stopPercent"
                extra={t("rollouts.form.stopHint")}
                rules={[{ ...required, type: "integer", min: 0, max: 100, message: t("violation.OUT_OF_RANGE") }]}
            >
                <InputNumber precision={0} suffix="%" />
            </Form.Item>
            <Form.Item name="force" valuePropName="checked" extra={t("rollouts.form.forceHint")}>
                <Checkbox>{t("rollouts.form.force")}</Checkbox>
            </Form.Item>
            <GuardedButton type="primary" htmlType="submit" call={createRollout} loading={starting.isPending}>
                {t("rollouts.form.start")}
            </GuardedButton>
        </Form>
    );
}

/** Groups below it are counted, too. */
function InGroup({ group }: { group: string }) {
    const { t } = useTranslation("packages");
    const { data } = useQuery({ ...query(listDevices, { groupId: group, pageSize: 1 }), enabled: group !== "" });
    if (!data || group === "") return null;
    return data.totalSize === 0 ? t("rollouts.form.empty") : t("rollouts.form.inGroup", { count: data.totalSize });
}
