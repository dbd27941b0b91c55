export const en = {
    label: "First password",
    random: "A random one-time password, shown once",
    chosen: "One of my choice",
    password: "Password",
    hint: "It must be changed at the first sign-in.",
    tooShort: "The password needs at least 12 characters.",
    title: "First password of {{name}}",
    shownOnce: "It is shown this once and cannot be looked up later. It must be changed at the first sign-in.",
    value: "One-time password",
    expires: "Valid until {{time}}",
    done: "I have passed it on",
};
