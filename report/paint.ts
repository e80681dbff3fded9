/** Colours a text for a terminal, or leaves it as it is. */
export type Paint = (format: Format, text: string) => string;

/** The few formats that reports use. */
export type Format = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** No colours. */
export const plain: Paint = (_format, text) => text;
