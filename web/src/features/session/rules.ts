// What a new password must be, as far as it can be said before the server is asked.

export const LEAST_CHARACTERS = 12;

export interface PasswordRules {
    length: boolean;
    different: boolean;
    same: boolean;
}

/** `old` is empty when the current password is not known here; then only the server can compare. */
export function passwordRules(next: string, repeated: string, old: string): PasswordRules {
    return {
        length: [...next].length >= LEAST_CHARACTERS,
        different: next !== "" && next !== old,
        same: next !== "" && next === repeated,
    };
}

/** "1:05": minutes and seconds until a lock opens. */
export function countdown(seconds: number): string {
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
