import { expect, it } from "vitest";
import { agentOf } from "./agent";

const gecko = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0";
const chrome =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36";
const iphone =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Version/17.0 Mobile Safari/604.1";

it("names browser and system of a user agent", () => {
    expect(agentOf(gecko)).toEqual({ browser: "Firefox", system: "Linux" });
    expect(agentOf(chrome)).toEqual({ browser: "Chrome", system: "Windows" });
    expect(agentOf(`${chrome} Edg/130.0`).browser).toBe("Edge");
    expect(agentOf(iphone)).toEqual({ browser: "Safari", system: "iOS" });
    expect(agentOf("curl/8.5.0")).toEqual({ browser: "curl", system: "" });
});

it("claims nothing about what it does not know", () => {
    expect(agentOf("")).toEqual({ browser: "", system: "" });
    expect(agentOf("<script>")).toEqual({ browser: "", system: "" });
});
