// Who belongs where: the values of a claim, each with the group and the role that it gives. The first that fits decides,
// so their order counts.

import { useQuery } from "@tanstack/react-query";
import { Button, Checkbox, Form, type FormInstance, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { listEnterprises } from "#api/gen/smartpass/v1/enterprises_http";
import { listRoles } from "#api/gen/smartpass/v1/users_http";
import { query } from "#api/query";
import { useSession } from "#api/session";
import { useGroups } from "#ui/GroupTree";
import { CrossIcon, DownIcon, UpIcon } from "#ui/icons";
import type { MappingFields, ProviderFields } from "./provider";

const MOST = 100;

export function Mappings({ form }: { form: FormInstance<ProviderFields> }) {
    const { t } = useTranslation("identity");
    const { enterpriseId } = useSession();
    const blank: MappingFields = { value: "", enterpriseId, groupId: "", roleId: "", administrator: false };
    return (
        <Form.List name="mappings">
            {(fields, { add, remove, move }) => (
                <>
                    <ol className="mappings">
                        {fields.map(({ key, name }, index) => (
                            <li key={key}>
                                <fieldset>
                                    <legend className="sr-only">{t("mapping", { number: index + 1 })}</legend>
                                    <Mapping index={name} form={form} />
                                    <div className="mapping-actions">
                                        <Button
                                            type="text"
                                            aria-label={t("up", { number: index + 1 })}
                                            icon={<UpIcon />}
                                            className={index === 0 ? "is-hidden" : ""}
                                            onClick={() => move(index, index - 1)}
                                        />
                                        <Button
                                            type="text"
                                            aria-label={t("down", { number: index + 1 })}
                                            icon={<DownIcon />}
                                            className={index === fields.length - 1 ? "is-hidden" : ""}
                                            onClick={() => move(index, index + 1)}
                                        />
                                        <Button
                                            type="text"
                                            aria-label={t("remove", { number: index + 1 })}
                                            icon={<CrossIcon />}
                                            onClick={() => remove(name)}
                                        />
                                    </div>
                                </fieldset>
                            </li>
                        ))}
                    </ol>
                    {fields.length === 0 && <p className="mappings-none">{t("mappingsNone")}</p>}
                    {fields.length < MOST && (
                        <Button className="mappings-add" onClick={() => add(blank)}>
                            {t("add")}
                        </Button>
                    )}
                </>
            )}
        </Form.List>
    );
}

function Mapping({ index, form }: { index: number; form: FormInstance<ProviderFields> }) {
    const { t } = useTranslation("identity");
    const session = useSession();
    const chosen = Form.useWatch(["mappings", index], form) as MappingFields | undefined;
    const own = (chosen?.enterpriseId ?? session.enterpriseId) === session.enterpriseId;
    const required = { required: true, whitespace: true, message: t("required") };
    return (
        <div className="mapping">
            <Form.Item label={t("value")} name={[index, "value"]} rules={[required]}>
                <Input autoComplete="off" placeholder={t("valueExample")} />
            </Form.Item>
            <Form.Item label={t("enterprise")} name={[index, "enterpriseId"]} rules={[required]}>
                <EnterpriseSelect
                    onChange={() => {
                        form.setFieldValue(["mappings", index, "groupId"], "");
                        form.setFieldValue(["mappings", index, "roleId"], "");
                    }}
                />
            </Form.Item>
            <Form.Item label={t(own ? "group" : "groupNumber")} name={[index, "groupId"]} rules={[required]}>
                {own ? <GroupSelect /> : <Input inputMode="numeric" maxLength={19} />}
            </Form.Item>
            {!chosen?.administrator && (
                <Form.Item label={t(own ? "role" : "roleNumber")} name={[index, "roleId"]} rules={[required]}>
                    {own ? <RoleSelect /> : <Input inputMode="numeric" maxLength={19} />}
                </Form.Item>
            )}
            <Form.Item name={[index, "administrator"]} valuePropName="checked" className="mapping-administrator">
                <Checkbox>{t("administrator")}</Checkbox>
            </Form.Item>
        </div>
    );
}

/** What a field of the form gets. */
interface ChoiceProps {
    id?: string;
    value?: string;
    onChange?: (id: string) => void;
}

const MOST_ENTERPRISES = 100;

function EnterpriseSelect({ value = "", onChange, ...field }: ChoiceProps) {
    const session = useSession();
    const { data } = useQuery(query(listEnterprises, { pageSize: MOST_ENTERPRISES }));
    const known = (data?.enterprises ?? []).map(({ id, name }) => ({ value: id, label: name }));
    const options = known.length > 0 ? known : [{ value: session.enterpriseId, label: session.enterpriseName }];
    return (
        <Select
            {...field}
            showSearch={{ optionFilterProp: "label" }}
            options={options}
            value={value || null}
            onChange={(id) => onChange?.(id ?? "")}
        />
    );
}

function GroupSelect({ value = "", onChange, ...field }: ChoiceProps) {
    const groups = useGroups();
    return (
        <Select
            {...field}
            showSearch={{ optionFilterProp: "label" }}
            options={groups.map(({ id, name }) => ({ value: id, label: name }))}
            value={value || null}
            onChange={(id) => onChange?.(id ?? "")}
        />
    );
}

function RoleSelect({ value = "", onChange, ...field }: ChoiceProps) {
    const { data } = useQuery(query(listRoles, {}));
    return (
        <Select
            {...field}
            showSearch={{ optionFilterProp: "label" }}
            options={(data?.roles ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            value={value || null}
            onChange={(id) => onChange?.(id ?? "")}
        />
    );
}
