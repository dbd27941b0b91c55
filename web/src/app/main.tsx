import "@fontsource-variable/inter/index.css";
import "./app.css";
import "./shell.css";
import "#ui/ui.css";
import "#ui/lists.css";
import "#ui/forms.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { ConfigProvider } from "antd";
import enGB from "antd/locale/en_GB";
import zhCN from "antd/locale/zh_CN";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { isSessionLost, mustChangePassword } from "#api/errors";
import { createQueryClient } from "#api/query";
import { sessionQuery } from "#api/session";
import { Toasts } from "#ui/toasts";
import { applyAppearance, useAppearance } from "./appearance";
import { startWords } from "./i18n";
import { signStyles, styleNonce } from "./nonce";
import { createAppRouter } from "./router";
import { themeOf } from "./theme";

const queryClient = createQueryClient((error) => {
    if (isSessionLost(error) || mustChangePassword(error)) leave();
});
const router = createAppRouter(queryClient);

let leaving = false;

/** The server no longer knows the session: the route guard asks it again, and leads to the login. */
function leave(): void {
    // Nobody was signed in yet, or the guard is asking already: it finds its own way.
    if (leaving || !queryClient.getQueryData(sessionQuery().queryKey)) return;
    leaving = true;
    queryClient.removeQueries({ queryKey: sessionQuery().queryKey });
    void router.invalidate().finally(() => {
        leaving = false;
    });
}

function App() {
    const { language, scheme } = useAppearance();
    return (
        <ConfigProvider
            theme={themeOf(scheme)}
            locale={language === "zh" ? zhCN : enGB}
            csp={{ nonce: styleNonce }}
            wave={{ disabled: true }}
            button={{ autoInsertSpace: false }}
        >
            <QueryClientProvider client={queryClient}>
                <RouterProvider router={router} />
                <Toasts />
            </QueryClientProvider>
        </ConfigProvider>
    );
}

async function start(): Promise<void> {
    signStyles();
    applyAppearance();
    await startWords();
    const root = document.getElementById("root");
    if (!root) throw new Error("the page has no root");
    createRoot(root).render(
        <StrictMode>
            <App />
        </StrictMode>,
    );
}

void start();
