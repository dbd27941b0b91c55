import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const src = (folder: string) => fileURLToPath(new URL(`./src/${folder}`, import.meta.url));

export default defineConfig({
    plugins: [react()],
    resolve: {
        alias: { "#api": src("api"), "#lib": src("lib"), "#ui": src("ui") },
    },
    build: {
        // Everything is a file of its own: the content security policy allows neither data: scripts nor data: fonts.
        assetsInlineLimit: 0,
        manifest: true,
        chunkSizeWarningLimit: 900,
        // Crumbs of which a page would load dozens join their neighbours.
        rollupOptions: { output: { experimentalMinChunkSize: 2_000 } },
    },
    server: {
        // A development server in front of a running gateway.
        proxy: { "/v1": "http://localhost:9000" },
    },
});
