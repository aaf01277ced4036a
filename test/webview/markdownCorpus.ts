/** Answers as models write them: what streams in while people look. */
export const answers: readonly string[] = [
  `Sales **rose every quarter**, see [the file](sandbox:/mnt/data/a.csv) and \`x = 1\`.

| Quarter | Sales | *Change* |
|:--------|------:|:---:|
| Q1 | 41,200 | |
| Q2 | 48,050 | **+16.6 %** |

After the table.

1. one
2. two
   - nested *em*
   - \`code\`
3. three

\`\`\`python
df = 1

df - 1
\`\`\`

> quote with **bold**

---

# Head
Text with ~~strike~~ and ***both*** and __under__.
`,
  `* star
* list with a [link](https://example.com/a_b)

![chart](sandbox:/mnt/data/my chart.png)

## Results & *more*

|a|b|
|-|-|
|1|2|
|3|

- [ ] task
- second

~~~
plain
~~~

2024 was a year. 5 * 3 = 15, a_b_c, 2 < 3 | 4.
`,
  `See [the docs][d] and [this][e].

Paragraph one.

[d]: https://example.com/d

Paragraph two, with <b>no HTML</b> and &amp;.

[e]: https://example.com/e

Last line **unfinished and \`open`,
];
