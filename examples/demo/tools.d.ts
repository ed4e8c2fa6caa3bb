/** What the program was told about its tools. */
declare const tools: {
  /** Public holidays of a year as ISO dates with their names. */
  holidays(input: { year: number }): Promise<{ date: string; name: string }[]>
  /** Posts a short text to a channel of the team. */
  post(input: { channel: string; text: string }): Promise<{ id: string }>
}
