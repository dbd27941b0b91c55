// What happens now, as it happens. All tabs of a browser share one event stream: the tab that holds the lock reads it and
// passes the events on, because a browser opens at most six connections to an origin. When that tab closes, another one
// takes over and asks for what came after the last event that it saw.

import { type Event as LiveEvent, watchEvents } from "./gen/smartpass/v1/console_http";

export type { LiveEvent };
export type LiveState = "stopped" | "connecting" | "live" | "reconnecting";

type Note = { kind: "event"; event: LiveEvent } | { kind: "state"; state: LiveState } | { kind: "hello" };

/** What the feed needs of a browser; tests bring their own. */
export interface LivePort {
    openStream(address: string): EventStream;
    openChannel(): LiveChannel;
    /** Runs `lead` once no other tab leads; the lead ends when its promise does. Rejects when aborted while waiting. */
    lead(signal: AbortSignal, lead: () => Promise<void>): Promise<unknown>;
    setTimer(run: () => void, ms: number): number;
    clearTimer(timer: number): void;
}

export interface EventStream {
    onopen: (() => void) | null;
    onmessage: ((message: { data: string }) => void) | null;
    onerror: (() => void) | null;
    close(): void;
}

export interface LiveChannel {
    onmessage: ((message: { data: Note }) => void) | null;
    postMessage(note: Note): void;
    close(): void;
}

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;
// The server sends a heartbeat when nothing else happens; a stream that is quiet for longer than this is dead.
const SILENCE_MS = 75_000;

export class LiveFeed {
    state: LiveState = "stopped";

    private readonly listeners = new Set<(event: LiveEvent) => void>();
    private readonly stateListeners = new Set<() => void>();
    private channel: LiveChannel | null = null;
    private stopping: AbortController | null = null;
    private stream: EventStream | null = null;
    private leading = false;
    private lastEventId = "";
    private retryMs = FIRST_RETRY_MS;
    private timer = 0;
    private endLead: () => void = () => {};

    constructor(private readonly port: LivePort) {}

    /** Joins the browser's stream. Does nothing when already joined. */
    start(): void {
        if (this.stopping) return;
        const stopping = new AbortController();
        this.stopping = stopping;
        this.channel = this.port.openChannel();
        this.channel.onmessage = ({ data }) => this.hear(data);
        this.setState("connecting");
        this.channel.postMessage({ kind: "hello" });
        this.port
            .lead(stopping.signal, () => this.lead(stopping.signal))
            .catch(() => {
                // Aborted while waiting for the lead: that is how following ends.
            });
    }

    /** Leaves; another tab takes the lead if this one had it. */
    stop(): void {
        this.stopping?.abort();
        this.stopping = null;
        this.endLead();
        this.closeStream();
        this.channel?.close();
        this.channel = null;
        this.lastEventId = "";
        this.setState("stopped");
    }

    /** `listener` runs at once for each event, in the order in which the server sent them. */
    subscribe(listener: (event: LiveEvent) => void): () => void {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
    }

    onState(listener: () => void): () => void {
        this.stateListeners.add(listener);
        return () => this.stateListeners.delete(listener);
    }

    private lead(signal: AbortSignal): Promise<void> {
        if (signal.aborted) return Promise.resolve();
        this.leading = true;
        this.connect();
        return new Promise((resolve) => {
            this.endLead = () => {
                this.leading = false;
                this.endLead = () => {};
                resolve();
            };
        });
    }

    private connect(): void {
        this.closeStream();
        const stream = this.port.openStream(watchEvents({ lastEventId: this.lastEventId }));
        this.stream = stream;
        this.watchSilence();
        stream.onopen = () => {
            this.retryMs = FIRST_RETRY_MS;
            this.announce("live");
        };
        stream.onmessage = ({ data }) => this.receive(data);
        // The browser would reconnect by itself after a cut, but not after a refusal: one way for both.
        stream.onerror = () => this.reconnect();
    }

    private receive(data: string): void {
        this.watchSilence();
        if (this.state !== "live") this.announce("live");
        const event = JSON.parse(data) as LiveEvent;
        if (event.id) this.lastEventId = event.id;
        this.deliver(event);
        if (!event.heartbeat) this.channel?.postMessage({ kind: "event", event });
    }

    private reconnect(): void {
        this.closeStream();
        this.announce("reconnecting");
        const wait = this.retryMs / 2 + (Math.random() * this.retryMs) / 2;
        this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS);
        this.timer = this.port.setTimer(() => this.connect(), wait);
    }

    private watchSilence(): void {
        this.port.clearTimer(this.timer);
        this.timer = this.port.setTimer(() => this.reconnect(), SILENCE_MS);
    }

    private closeStream(): void {
        this.port.clearTimer(this.timer);
        this.stream?.close();
        this.stream = null;
    }

    private hear(note: Note): void {
        if (note.kind === "hello") {
            // A tab that came later would otherwise believe that it is still connecting.
            if (this.leading) this.channel?.postMessage({ kind: "state", state: this.state });
        } else if (!this.leading && note.kind === "state") {
            this.setState(note.state);
        } else if (!this.leading && note.kind === "event") {
            if (note.event.id) this.lastEventId = note.event.id;
            this.deliver(note.event);
        }
    }

    private deliver(event: LiveEvent): void {
        for (const listener of this.listeners) listener(event);
    }

    private announce(state: LiveState): void {
        if (this.state === state) return;
        this.setState(state);
        this.channel?.postMessage({ kind: "state", state });
    }

    private setState(state: LiveState): void {
        if (this.state === state) return;
        this.state = state;
        for (const listener of this.stateListeners) listener();
    }
}

function browserStream(address: string): EventStream {
    const source = new EventSource(address);
    const stream: EventStream = { onopen: null, onmessage: null, onerror: null, close: () => source.close() };
    source.onopen = () => stream.onopen?.();
    source.onmessage = ({ data }: MessageEvent<string>) => stream.onmessage?.({ data });
    source.onerror = () => stream.onerror?.();
    return stream;
}

function browserChannel(): LiveChannel {
    const tabs = new BroadcastChannel("smartpass-live");
    const channel: LiveChannel = {
        onmessage: null,
        postMessage: (note) => tabs.postMessage(note),
        close: () => tabs.close(),
    };
    tabs.onmessage = ({ data }: MessageEvent<Note>) => channel.onmessage?.({ data });
    return channel;
}

const browserPort: LivePort = {
    openStream: browserStream,
    openChannel: browserChannel,
    // Without locks (a page that is not served securely) each tab reads a stream of its own.
    lead: (signal, lead) =>
        "locks" in navigator ? navigator.locks.request("smartpass-live", { signal }, lead) : lead(),
    setTimer: (run, ms) => window.setTimeout(run, ms),
    clearTimer: (timer) => window.clearTimeout(timer),
};

export const live = new LiveFeed(browserPort);
