// Tables for spreadsheets.

// A cell that starts like a formula would be run by the spreadsheet that opens the file.
const FORMULA = /^[=+\-@\t\r]/;

function cell(value: string): string {
    const safe = FORMULA.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** RFC 4180 lines, with a byte order mark so that spreadsheets read UTF-8. */
export function csv(rows: readonly (readonly string[])[]): string {
    return `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}
