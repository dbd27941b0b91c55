// Shows /openapi.json with Swagger UI, in the console's colours and with the session of this browser.
"use strict";

// The console keeps the reader's choice under this key; without one the browser's own preference counts.
function scheme() {
    try {
        const kept = JSON.parse(localStorage.getItem("smartpass.appearance") ?? "{}").scheme;
        if (kept === "light" || kept === "dark") return kept;
    } catch {
        // A browser that keeps nothing, or something else under the key.
    }
    return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

function applyScheme() {
    document.documentElement.classList.toggle("dark-mode", scheme() === "dark");
}

// What changes something needs the header that no page of another host can send.
function markAsOurs(request) {
    if (new URL(request.url, location.href).origin === location.origin) request.headers["X-Smartpass"] = "1";
    return request;
}

// Before anything is painted.
applyScheme();
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", applyScheme);
window.addEventListener("storage", applyScheme);

document.addEventListener("DOMContentLoaded", () => {
    const ui = SwaggerUIBundle({
        url: "/openapi.json",
        dom_id: "#docs",
        deepLinking: true,
        defaultModelsExpandDepth: 0,
        displayRequestDuration: true,
        docExpansion: "list",
        presets: [SwaggerUIBundle.presets.apis],
        requestInterceptor: markAsOurs,
        syntaxHighlight: { theme: "obsidian" },
        validatorUrl: null,
        onComplete: () => {
            const title = ui.specSelectors.info().get("title");
            if (title) document.title = title;
        },
    });
});
