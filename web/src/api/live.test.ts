import { beforeEach, describe, expect, it } from "vitest";
import { type EventStream, type LiveChannel, LiveFeed, type LivePort } from "./live";

class Stream implements EventStream {
    onopen: (() => void) | null = null;
    onmessage: ((message: { data: string }) => void) | null = null;
    onerror: (() => void) | null = null;
    closed = false;
    constructor(readonly address: string) {}
    close() {
        this.closed = true;
    }
}

/** One browser: a lock that one tab holds at a time, and a channel between all of them. */
class Browser {
    streams: Stream[] = [];
    timers: (() => void)[] = [];
    private channels = new Set<LiveChannel>();
    private waiting: (() => void)[] = [];
    private held = false;

    get stream() {
        const last = this.streams.at(-1);
        if (!last) throw new Error("no stream was opened");
        return last;
    }

    tab(): LiveFeed {
        const port: LivePort = {
            openStream: (address) => {
                this.streams.push(new Stream(address));
                return this.stream;
            },
            openChannel: () => this.channel(),
            lead: (signal, lead) => this.lock(signal, lead),
            setTimer: (run) => this.timers.push(run),
            clearTimer: (timer) => {
                if (timer > 0) this.timers[timer - 1] = () => {};
            },
        };
        return new LiveFeed(port);
    }

    private channel(): LiveChannel {
        const channel: LiveChannel = {
            onmessage: null,
            postMessage: (data) => {
                for (const other of this.channels) if (other !== channel) other.onmessage?.({ data });
            },
            close: () => this.channels.delete(channel),
        };
        this.channels.add(channel);
        return channel;
    }

    private lock(signal: AbortSignal, lead: () => Promise<void>): Promise<unknown> {
        return new Promise((resolve, reject) => {
            signal.addEventListener("abort", () => reject(new Error("aborted")));
            const run = () => {
                if (signal.aborted) return this.next();
                this.held = true;
                void lead().then(() => {
                    this.held = false;
                    resolve(undefined);
                    this.next();
                });
            };
            if (this.held) this.waiting.push(run);
            else run();
        });
    }

    private next() {
        this.waiting.shift()?.();
    }

    say(event: object) {
        this.stream.onmessage?.({ data: JSON.stringify(event) });
    }
}

const settle = () => new Promise((resolve) => setTimeout(resolve));
const heard = (feed: LiveFeed) => {
    const ids: string[] = [];
    feed.subscribe((event) => ids.push(event.id));
    return ids;
};

describe("the live feed", () => {
    let browser: Browser;
    beforeEach(() => {
        browser = new Browser();
    });

    it("opens one stream for all tabs, and all of them hear it", () => {
        const [first, second] = [browser.tab(), browser.tab()];
        const [a, b] = [heard(first), heard(second)];
        first.start();
        second.start();
        browser.stream.onopen?.();
        browser.say({ id: "e1", pass: {} });
        expect(browser.streams).toHaveLength(1);
        expect([a, b]).toEqual([["e1"], ["e1"]]);
        expect([first.state, second.state]).toEqual(["live", "live"]);
    });

    it("tells a late tab the state", () => {
        const first = browser.tab();
        first.start();
        browser.stream.onopen?.();
        const late = browser.tab();
        late.start();
        expect(late.state).toBe("live");
    });

    it("goes on in another tab after the last event seen when the leader closes", async () => {
        const [first, second] = [browser.tab(), browser.tab()];
        first.start();
        second.start();
        browser.stream.onopen?.();
        browser.say({ id: "e7", pass: {} });
        first.stop();
        await settle();
        expect(browser.streams).toHaveLength(2);
        expect(browser.streams[0]?.closed).toBe(true);
        expect(browser.stream.address).toBe("/v1/events?lastEventId=e7");
    });

    it("reconnects after an error and asks for what it missed", () => {
        const feed = browser.tab();
        feed.start();
        browser.stream.onopen?.();
        browser.say({ id: "e2", heartbeat: {} });
        browser.stream.onerror?.();
        expect(feed.state).toBe("reconnecting");
        browser.timers.at(-1)?.();
        expect(browser.streams).toHaveLength(2);
        expect(browser.stream.address).toBe("/v1/events?lastEventId=e2");
        browser.stream.onopen?.();
        expect(feed.state).toBe("live");
    });

    it("takes a stream that has gone quiet for dead", () => {
        const feed = browser.tab();
        feed.start();
        browser.stream.onopen?.();
        browser.timers.at(-1)?.();
        expect(feed.state).toBe("reconnecting");
        expect(browser.streams[0]?.closed).toBe(true);
    });

    it("stops for good", async () => {
        const feed = browser.tab();
        const ids = heard(feed);
        feed.start();
        feed.stop();
        await settle();
        expect(browser.stream.closed).toBe(true);
        expect(feed.state).toBe("stopped");
        expect(ids).toEqual([]);
    });
});
