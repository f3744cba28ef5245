/* text: bytes to paragraphs, paragraphs to words. Stands on base.
 *
 *   utf8.c       decoding, checking and repairing UTF-8; white space
 *   article.c    opens an article, recognises its format, repairs its bytes
 *   signature.c  what is no text, by its first bytes
 *   plain.c      paragraphs of plain text (plain_line.c: its lines)
 *   markdown.c   paragraphs of Markdown (markdown_line.c: its lines,
 *                markdown_inline.c: markup inside a paragraph)
 *   html.c       paragraphs of HTML (html_tree.c: gumbo within bounds,
 *                html_flatten.c: tags that nest too deep, html_element.c: what
 *                elements mean, html_scan.c: landmarks and tables)
 *   kind.c       heading, item, row or furniture, from the words alone
 *   furniture.c  what pages add around articles (phrases.c: in which words,
 *                stamp.c: dates, bylines, addresses)
 *   words.c      where words begin and end
 *   normalize.c  a word's spelling to the form that is counted
 *   quotes.c     how much of a paragraph is quoted
 *   lists.c      stop words and spelling variants */
#ifndef TENOR_TEXT_H
#define TENOR_TEXT_H

#include "base/base.h"

/* ---- UTF-8 ---------------------------------------------------------------
 * Decodes one code point of data[size], size > 0; returns the bytes taken.
 * Bytes that are no UTF-8 (overlong forms, surrogates, past U+10FFFF and cut
 * sequences included) give U+FFFD, one for each maximal bad subsequence, as
 * the Unicode Standard (chapter 3, "U+FFFD substitution") recommends. */
size_t utf8_decode(uint32_t *point, const char *data, size_t size);
size_t utf8_encode(char out[4], uint32_t point); /* returns bytes written */
/* The length of the leading part that is valid UTF-8 without NUL bytes. */
size_t utf8_valid_prefix(const char *data, size_t size);
/* Appends text to `out` with bad sequences and NUL bytes replaced by U+FFFD;
 * returns how many were replaced. */
size_t utf8_repair(struct buffer *out, const char *data, size_t size);

/* ---- articles ------------------------------------------------------------ */
enum paragraph_kind {
    PARAGRAPH_PROSE,
    PARAGRAPH_HEADING,
    PARAGRAPH_ITEM,      /* of a list */
    PARAGRAPH_ROW,       /* of a table; cells joined by " | " */
    PARAGRAPH_FURNITURE, /* what a page adds around an article */
    PARAGRAPH_KINDS,
};
extern const char *const paragraph_kind_names[PARAGRAPH_KINDS];

enum article_format {
    ARTICLE_AUTO, /* by the file's extension, then by its first bytes */
    ARTICLE_PLAIN,
    ARTICLE_MARKDOWN,
    ARTICLE_HTML,
};

struct paragraph {
    struct slice text; /* never empty: valid UTF-8 without NUL, white space
                        * folded; valid until the next article_next */
    enum paragraph_kind kind;
    size_t line; /* where it starts in the file, 1-based; 0: not known */
};

/* Reads an article paragraph by paragraph, in the order in which a reader
 * meets them. Plain text and Markdown stream in memory bounded by the longest
 * paragraph; HTML is read whole, up to 64 MiB. A byte-order mark is dropped;
 * UTF-16 and what is no text, such as a PDF, are errors. Opening reads nothing:
 * what is wrong with the content comes from article_next. */
struct article;
tenor_status article_open(struct article **out, const char *path,
                          enum article_format format, tenor_error *error);
tenor_status article_open_memory(struct article **out, const char *name,
                                 const char *data, size_t size,
                                 enum article_format format,
                                 tenor_error *error);
/* At the end *more is false. An article without any paragraph is no error. */
tenor_status article_next(struct article *article, struct paragraph *out,
                          bool *more, tenor_error *error);
/* True when article_next would not wait for the other end of a pipe: it has a
 * whole paragraph, the end or an error. To know, this reads what has come so
 * far. The last paragraph stays valid. */
bool article_ready(struct article *article);
/* Byte sequences repaired so far (see utf8_repair). */
size_t article_repaired(const struct article *article);
void article_close(struct article *article); /* NULL is fine */

/* What the first bytes of a file show: a byte-order mark, or no text in UTF-8,
 * such as a PDF. NULL: neither, as far as is known. *wanted is how many bytes
 * it takes to be sure, 0 where these were enough. */
struct signature;
const struct signature *signature_find(struct slice start, size_t *wanted);
/* Drops the mark; what is no text is an error at the line (0: of the file),
 * which advises to save it in one of the formats. `found` may be NULL. */
tenor_status signature_settle(const struct signature *found,
                              struct reader *reader, const char *name,
                              size_t line, const char *formats,
                              tenor_error *error);

/* The kind that the words alone suggest for a paragraph that its format calls
 * `format_kind`. Furniture is recognised in any format; headings, items and
 * rows only in prose, which is what plain text calls everything.
 *
 * Names before a speech ("Anna Berg:") are headings, bylines ("By Anna Berg",
 * "Anna Berg, Senior Editor") and bare dates are furniture unless the format
 * calls them headings, captions of pictures are prose. */
enum paragraph_kind paragraph_classify_kind(struct slice text,
                                            enum paragraph_kind format_kind);

/* The kind that a name stands for; a name that is none's, or furniture's:
 * prose. */
enum paragraph_kind paragraph_kind_of(struct slice name);
/* The share of the text's characters that stand inside quotation marks, 0 to 1
 * (quotes.c says which). Text must be valid UTF-8. */
double quotation_share(struct slice text);

/* ---- words -----------------------------------------------------------------
 * What a word is: Unicode's default word boundaries (UAX #29), with four
 * tailorings that news text asks for:
 *  - a full stop joins letters only in initialisms (U.S., e.g.), so that
 *    "war.The" is two words; the last stop of an initialism is dropped;
 *  - a colon or semicolon never joins;
 *  - hyphens part words, or join them where the option says so;
 *  - a word over WORD_LIMIT bytes is nobody's term: it counts as unknown.
 * So "don\u2019t", "O'Brien", "1,200.50", "20th" and "snake_case" are one word
 * each; Han and Hiragana characters are one word each; combining marks, soft
 * hyphens and joiners belong to the word around them. */
enum { WORD_LIMIT = 255 };

enum word_kind {
    WORD_LETTERS, /* holds a letter */
    WORD_NUMBER,  /* digits and their separators alone */
    WORD_MARK,    /* punctuation or a symbol, only where asked for */
};

struct word {
    const char *data;
    uint32_t size; /* bytes; more than WORD_LIMIT: too long to be a term */
    enum word_kind kind;
};

struct word_scanner {
    const char *at, *end;
    bool marks;        /* hand out punctuation and symbols as well */
    bool join_hyphens; /* "cease-fire" is one word */
};

/* Fills out[capacity] with the next words and returns how many there are: 0 at
 * the end, fewer than asked also before it.
 * `at` to `end` must be valid UTF-8. */
size_t word_scan(struct word_scanner *scanner, struct word *out,
                 size_t capacity);

/* ---- normalizing ------------------------------------------------------------
 * How a word's spelling becomes the term that is counted. Stored in models:
 * fixed size, no pointers. */
enum number_style { NUMBERS_KEEP, NUMBERS_SHAPE, NUMBERS_DROP, NUMBER_STYLES };

struct text_options {
    uint32_t fold_case;
    uint32_t fold_accents;
    uint32_t strip_possessives; /* Russia's -> russia */
    uint32_t join_hyphens;
    uint32_t numbers;    /* enum number_style; SHAPE turns digits of any script into 0 */
    uint32_t keep_marks; /* punctuation and symbols are terms too */
    uint32_t negation;   /* words after not, no, never ... up to the clause's
                          * end get NEGATION_MARK in front */
    char stemmer[16];    /* Snowball language, "" for none */
    uint32_t contrast;   /* what follows the last but, however or yet counts
                          * twice */
};
#define NEGATION_MARK "\xc2\xac" /* U+00AC, NOT SIGN */
extern const struct text_options text_options_default;
tenor_status text_options_check(const struct text_options *options,
                                tenor_error *error);

/* Word lists that go with the options; each a text of lines, as stored in
 * the model. Stop words: one word a line. Variants: "variant<TAB>word". */
struct word_lists {
    struct slice stop_words, variants;
};
/* The built-in stop words of a language ("english", "russian", "ukrainian"),
 * one a line; NULL where there are none. */
const char *stop_words_builtin(const char *language);
/* Reads a user's stop words (words parted by white space) or variants (lines
 * "variant, variant = word"; # starts a comment) into the stored form. */
tenor_status stop_words_parse(struct buffer *out, struct slice text,
                              const struct text_options *options,
                              tenor_error *error);
tenor_status variants_parse(struct buffer *out, struct slice text,
                            const struct text_options *options,
                            tenor_error *error);

enum word_fate {
    WORD_TERM,    /* counts */
    WORD_SKIPPED, /* a stop word, dropped number or mark: the words around it
                   * become neighbours */
    WORD_UNKNOWN, /* can be no term (too long): parts its neighbours */
};

/* One normalizer a thread: it holds a stemmer and buffers. */
struct normalizer;
tenor_status normalizer_new(struct normalizer **out,
                            const struct text_options *options,
                            const struct word_lists *lists, tenor_error *error);
void normalizer_free(struct normalizer *normalizer);

struct normalized {
    enum word_fate fate;
    struct slice form; /* folded, before stop words and stemming: what
                        * character n-grams are cut from */
    struct slice term; /* what is counted; both valid until the next call */
    bool negator;      /* opens a negated clause */
    bool clause_end;   /* a mark that ends one */
    bool contrast;     /* what follows is what the text comes to */
};
/* `negated` puts NEGATION_MARK in front of the term. false: no memory. */
bool normalizer_apply(struct normalizer *normalizer, struct normalized *out,
                      const struct word *word, bool negated);

#endif
