/**
 * What a second language must say to be complete: every key of the first one. A singular form ("rows_one") may be
 * missing, because not every language has one.
 */
export type Translation<T> = {
    readonly [K in keyof T as K extends `${string}_one` ? never : K]: T[K] extends string ? string : Translation<T[K]>;
} & {
    readonly [K in keyof T as K extends `${string}_one` ? K : never]?: string;
};
