// What our look asks of antd. Colours of states live in app.css, beside their dark pairs.

import { type ThemeConfig, theme } from "antd";
import type { Scheme } from "./appearance";

const FONT = '"Inter Variable", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

const shared = {
    fontFamily: FONT,
    fontSize: 14,
    borderRadius: 6,
    borderRadiusLG: 8,
    controlHeight: 32,
    // Hairlines instead of shadows, and nothing that moves for its own sake.
    boxShadowTertiary: "none",
    motionDurationMid: "0.12s",
    motionDurationSlow: "0.16s",
    // antd waits for the end of an animation before it puts a popup where it belongs: a reader who wants none gets none,
    // instead of one that is over before antd looks.
    motion: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
};

const light: ThemeConfig = {
    algorithm: theme.defaultAlgorithm,
    token: {
        ...shared,
        colorPrimary: "#2b50c8",
        colorPrimaryHover: "#3a5fd2",
        colorLink: "#2b50c8",
        colorError: "#b01e12",
        colorSuccess: "#17663d",
        colorWarning: "#7a4b00",
        colorSuccessBg: "#e3f4ea",
        colorErrorBg: "#fdeae8",
        colorErrorBorder: "#e9a39d",
        colorWarningBg: "#fff1d6",
        colorWarningBorder: "#e3c48a",
        colorText: "#16202e",
        colorTextSecondary: "#4d5766",
        colorTextDescription: "#4d5766",
        colorTextTertiary: "#4d5766",
        // Placeholders are read too.
        colorTextPlaceholder: "#5f6977",
        colorTextDisabled: "#5f6977",
        colorBorder: "#c3cad5",
        colorBorderSecondary: "#dfe3ea",
        colorSplit: "#dfe3ea",
        colorBgLayout: "#f3f5f8",
        colorBgContainer: "#ffffff",
    },
};

const dark: ThemeConfig = {
    algorithm: theme.darkAlgorithm,
    token: {
        ...shared,
        colorPrimary: "#7f9dff",
        colorLink: "#9db3ff",
        colorError: "#ff8f85",
        colorSuccess: "#7fdca4",
        colorWarning: "#ffc266",
        colorSuccessBg: "#12301f",
        colorErrorBg: "#42150f",
        colorErrorBorder: "#7a3128",
        colorWarningBg: "#3a2806",
        colorWarningBorder: "#6b4d12",
        colorText: "#e4e9f1",
        colorTextSecondary: "#aab4c2",
        colorTextDescription: "#aab4c2",
        colorTextTertiary: "#aab4c2",
        colorTextPlaceholder: "#96a1b1",
        colorTextDisabled: "#8490a1",
        colorTextLightSolid: "#0e131a",
        colorBorder: "#3b4555",
        colorBorderSecondary: "#2a3340",
        colorSplit: "#2a3340",
        colorBgLayout: "#0e131a",
        colorBgContainer: "#161d27",
        colorBgElevated: "#1b232f",
    },
};

const components = (scheme: Scheme): ThemeConfig["components"] => ({
    Button: { primaryShadow: "none", defaultShadow: "none", dangerShadow: "none", fontWeight: 500 },
    Drawer: { footerPaddingInline: 16, footerPaddingBlock: 12 },
    Form: { itemMarginBottom: 18, labelColor: scheme === "dark" ? "#e4e9f1" : "#16202e" },
    Tooltip: { colorTextLightSolid: "#ffffff", colorBgSpotlight: "#2a3340" },
});

export const themeOf = (scheme: Scheme): ThemeConfig => ({
    ...(scheme === "dark" ? dark : light),
    components: components(scheme),
});
