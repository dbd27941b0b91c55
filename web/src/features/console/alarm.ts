// The sound of a high temperature, switched per browser.

const KEY = "smartpass.alarm";

export function alarmOn(): boolean {
    try {
        return localStorage.getItem(KEY) === "on";
    } catch {
        return false;
    }
}

export function setAlarm(on: boolean): void {
    try {
        localStorage.setItem(KEY, on ? "on" : "off");
    } catch {
        // Then the switch lasts as long as this page.
    }
}

let audio: AudioContext | undefined;

/** Two short tones. Silent until somebody has clicked in the page, as browsers demand. */
export function soundAlarm(): void {
    audio ??= new AudioContext();
    const start = audio.currentTime;
    for (const [offset, frequency] of [
        [0, 880],
        [0.22, 660],
    ] as const) {
        const tone = audio.createOscillator();
        const volume = audio.createGain();
        tone.frequency.value = frequency;
        volume.gain.setValueAtTime(0.2, start + offset);
        volume.gain.exponentialRampToValueAtTime(0.001, start + offset + 0.2);
        tone.connect(volume).connect(audio.destination);
        tone.start(start + offset);
        tone.stop(start + offset + 0.2);
    }
}
