/** What importing this takes is what importing takes. */
export const nothing = undefined
