import remend from 'remend';

/** A last line of nothing but what begins a list, a heading, a quotation, a rule or a table: which one shows only later. */
const BLOCK_MARK = /(^|\n) {0,3}(?:[-=*_+#>]+|\d{1,9}[.)]?|\| *)$/;

/** A mark that has just begun, which would show as itself for a moment. */
const BEGUN = /(^|[\s(])[*_~`]{1,3}$/;

/** What is complete in one line and holds nothing else: most marks of an answer, most of the time. */
const COMPLETE =
  /(?<=^|[\s(|])(?:`[^`\\\n]+`|(\*\*?)(?![\s*])[^*_~`[\]<>\\=$\n]*[^\s*_~`[\]<>\\=$]\1|\[[^*_~`[\]<>\\=$\n]+\]\((?:https?|sandbox):[^\s()*_~`[\]<>\\$]+\))(?=[\s.,;:!?)|]|$)/g;

/** What a mark that needs its other half is made of, and what remend takes for something else in it. */
const MENDABLE = /[*_~`[>]|^[^\S\n]*[-=]+[^\S\n]*$/m;

/** Text that is still being written, its unfinished marks completed, and those left out that show only later what they are. */
export function mended(text: string): string {
  const steady = text.replace(BLOCK_MARK, '$1').replace(BEGUN, '$1');
  return needsMending(steady) ? repaired(steady) : steady;
}

/** Whether {@link repaired} could find anything to do, which is a third of the work for a piece of an answer. */
export function needsMending(text: string): boolean {
  return MENDABLE.test(text) && MENDABLE.test(text.replace(COMPLETE, 'x'));
}

/** What remend makes of it. */
export function repaired(text: string): string {
  return remend(text, { linkMode: 'text-only', htmlTags: false, katex: false });
}
