export const en = {
    title: "Alarms",
    subtitle_one: "{{count}} is open",
    subtitle_other: "{{count}} are open",
    filter: "State",
    open: "Open",
    closed: "Closed",
    all: "All",
    kind: "Kind",
    device: "Device",
    nothing: "There have been no alarms",
    nothingHint:
        "A device that is gone, a wrong clock, records that wait or are missing, a certificate that ends: each appears here.",
    noMatch: "No alarm matches the filter",
    noOpen: "Nothing is open",
    badge_one: "Alarms: {{count}} is open",
    badge_other: "Alarms: {{count}} are open",
    tooMany: "At most {{count}} at once.",
};
