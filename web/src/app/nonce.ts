// The one-time word by which the content security policy knows our style elements. The gateway writes a new one into
// every page that it serves.

export const styleNonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
