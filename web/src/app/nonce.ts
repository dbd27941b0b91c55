// The one-time word by which the content security policy knows our style elements. The gateway writes a new one into
// every page that it serves.

export const styleNonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";

/**
 * antd passes the word on to most style elements, but its scroll lock and its measuring of scroll bars make some without
 * it. Only our own scripts run in this page, so every style element that is made here may carry it.
 */
export function signStyles(): void {
    const create = document.createElement.bind(document);
    document.createElement = (name: string, options?: ElementCreationOptions) => {
        const element = create(name, options);
        if (element instanceof HTMLStyleElement) element.nonce = styleNonce;
        return element;
    };
}
