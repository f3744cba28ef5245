/* Stop words and spelling variants: the built-in lists, and reading a user's.
 *
 * A list is cut by the same scanner and folded by the same rules as a text, so
 * that what is written in it is found: "don't" and "don’t" alike. */
#include "text/text.h"

#include <string.h>

static const char english[] =
    "a\nabout\nabove\nafter\nagain\nall\nalso\nam\nan\nand\nany\nare\nas\nat\n"
    "be\nbecause\nbeen\nbefore\nbeing\nbelow\nbetween\nboth\nbut\nby\ncan\n"
    "could\ndid\ndo\ndoes\ndoing\ndown\nduring\neach\nfew\nfor\nfrom\nfurther\n"
    "had\nhas\nhave\nhaving\nhe\nher\nhere\nhers\nherself\nhim\nhimself\nhis\n"
    "how\ni\nif\nin\ninto\nis\nit\nits\nitself\njust\nme\nmore\nmost\nmy\n"
    "myself\nof\noff\non\nonce\nonly\nor\nother\nour\nours\nourselves\nout\n"
    "over\nown\nsame\nshe\nshould\nso\nsome\nsuch\nthan\nthat\nthe\ntheir\n"
    "theirs\nthem\nthemselves\nthen\nthere\nthese\nthey\nthis\nthose\nthrough\n"
    "to\ntoo\nunder\nuntil\nup\nvery\nwas\nwe\nwere\nwhat\nwhen\nwhere\nwhich\n"
    "while\nwho\nwhom\nwhy\nwill\nwith\nwould\nyou\nyour\nyours\nyourself\n"
    "yourselves";

static const char russian[] =
    "а\nбез\nболее\nбольше\nбудет\nбудто\nбы\nбыл\nбыла\nбыли\nбыло\nбыть\nв\n"
    "вам\nвас\nведь\nво\nвот\nвпрочем\nвсе\nвсегда\nвсего\nвсех\nвсю\nвы\nгде\n"
    "да\nдаже\nдва\nдля\nдо\nдругой\nего\nее\nей\nему\nесли\nесть\nеще\nж\nже\n"
    "за\nздесь\nи\nиз\nили\nим\nиногда\nих\nк\nкак\nкакая\nкакой\nкогда\nкто\n"
    "куда\nли\nлучше\nмежду\nменя\nмне\nмного\nможет\nможно\nмой\nмоя\nмы\nна\n"
    "над\nнадо\nнаконец\nнас\nнего\nнее\nней\nнибудь\nним\nних\nно\nну\nо\nоб\n"
    "один\nон\nона\nони\nопять\nот\nперед\nпо\nпод\nпосле\nпотом\nпотому\nпочти"
    "\n"
    "при\nпро\nраз\nразве\nс\nсам\nсвою\nсебе\nсебя\nсейчас\nсо\nсовсем\nтак\n"
    "такой\nтам\nтебя\nтем\nтеперь\nто\nтогда\nтого\nтоже\nтолько\nтом\nтот\n"
    "три\nтут\nты\nу\nуж\nуже\nхоть\nчего\nчем\nчерез\nчто\nчтоб\nчтобы\nчуть\n"
    "эти\nэтого\nэтой\nэтом\nэтот\nэту\nя";

static const char ukrainian[] =
    "а\nабо\nадже\nале\nб\nбез\nби\nбо\nбув\nбула\nбули\nбуло\nбути\nбуде\nв\n"
    "вам\nвас\nвже\nви\nвід\nвін\nвона\nвони\nвоно\nвсе\nвсього\nвсіх\nвсі\nде"
    "\n"
    "для\nдо\nж\nже\nз\nза\nзі\nзараз\nй\nйого\nйому\nїй\nїм\nїх\nїї\nі\nіз\nін"
    "ший\n"
    "й\nк\nколи\nкрім\nкуди\nлише\nмене\nмені\nми\nміж\nмого\nмій\nмоя\nна\n"
    "навіть\nнад\nнам\nнас\nнаш\nне\nнеї\nним\nних\nно\nну\nо\nоб\nодин\nось\n"
    "перед\nпід\nпісля\nпо\nпри\nпро\nпроте\nпротягом\nсам\nсвій\nсвою\nсебе\n"
    "собі\nта\nтак\nтака\nтакий\nтакож\nтам\nте\nтебе\nти\nтим\nтих\nті\nтільки"
    "\n"
    "то\nтобі\nтоді\nтого\nтому\nтой\nтут\nу\nхоча\nхто\nце\nцей\nцього\nцю\nця"
    "\n"
    "чи\nчерез\nчого\nчому\nще\nщо\nщоб\nщодо\nя\nяк\nяка\nяке\nякий\nякі\nякщ"
    "о";

const char *stop_words_builtin(const char *language) {
    static const struct {
        const char *language, *words;
    } lists[] = {
        {"english", english}, {"russian", russian}, {"ukrainian", ukrainian}};
    for (size_t i = 0; i < ARRAY_LENGTH(lists); i++)
        if (strcmp(language, lists[i].language) == 0)
            return lists[i].words;
    return NULL;
}

/* A normalizer that folds as the options say, without lists or stemming. */
static tenor_status new_folder(struct normalizer **out,
                               const struct text_options *options,
                               tenor_error *error) {
    struct text_options folding = *options;
    folding.stemmer[0] = '\0';
    folding.negation = 0;
    folding.numbers = NUMBERS_KEEP;
    return normalizer_new(out, &folding, NULL, error);
}

static tenor_status append_forms(struct buffer *out, struct slice text,
                                 struct normalizer *folder,
                                 const struct text_options *options,
                                 size_t *count, tenor_error *error) {
    struct word_scanner scanner = {text.data, text.data + text.size, false,
                                   options->join_hyphens};
    struct word word;
    *count = 0;
    while (word_scan(&scanner, &word, 1)) {
        struct normalized normalized;
        if (!normalizer_apply(folder, &normalized, &word, false))
            return error_memory(error);
        if (normalized.form.size == 0)
            continue;
        buffer_append(out, normalized.form.data, normalized.form.size);
        buffer_byte(out, '\n');
        ++*count;
    }
    return out->failed ? error_memory(error) : TENOR_OK;
}

tenor_status stop_words_parse(struct buffer *out, struct slice text,
                              const struct text_options *options,
                              tenor_error *error) {
    struct normalizer *folder;
    size_t count;
    if (utf8_valid_prefix(text.data, text.size) != text.size)
        return error_set(error, TENOR_ERROR_INPUT,
                         "the stop words are not UTF-8; convert the file");
    tenor_status status = new_folder(&folder, options, error);
    if (!status)
        status = append_forms(out, text, folder, options, &count, error);
    normalizer_free(folder);
    return status;
}

/* One line "variant, variant = word". */
static tenor_status append_variants(struct buffer *out, struct slice line,
                                    size_t number, struct normalizer *folder,
                                    const struct text_options *options,
                                    tenor_error *error) {
    const char *comment = memchr(line.data, '#', line.size);
    if (comment)
        line.size = (size_t)(comment - line.data);
    const char *equals = memchr(line.data, '=', line.size);
    struct slice left = {line.data,
                         equals ? (size_t)(equals - line.data) : line.size};
    struct slice right = {equals ? equals + 1 : line.data, 0};
    right.size = equals ? line.size - left.size - 1 : 0;
    struct buffer variants = {0}, word = {0};
    size_t variant_count = 0, word_count = 0;
    tenor_status status =
        append_forms(&variants, left, folder, options, &variant_count, error);
    if (!status)
        status =
            append_forms(&word, right, folder, options, &word_count, error);
    bool blank = variant_count == 0 && !equals;
    if (!status && !blank && (variant_count == 0 || word_count != 1))
        status = error_at(error, TENOR_ERROR_INPUT, NULL, number, 0,
                          "a line of variants reads \"Zelenskyy, Zelenskiy = "
                          "Zelensky\", one word each");
    const char *at = variants.data;
    while (!status && !blank && at < variants.data + variants.size) {
        const char *newline = strchr(at, '\n');
        buffer_append(out, at, (size_t)(newline - at));
        buffer_byte(out, '\t');
        buffer_append(out, word.data, word.size); /* with its newline */
        at = newline + 1;
    }
    buffer_clear(&variants);
    buffer_clear(&word);
    return !status && out->failed ? error_memory(error) : status;
}

tenor_status variants_parse(struct buffer *out, struct slice text,
                            const struct text_options *options,
                            tenor_error *error) {
    struct normalizer *folder;
    if (utf8_valid_prefix(text.data, text.size) != text.size)
        return error_set(error, TENOR_ERROR_INPUT,
                         "the variants are not UTF-8; convert the file");
    tenor_status status = new_folder(&folder, options, error);
    for (size_t at = 0, number = 1; !status && at < text.size; number++) {
        const char *newline = memchr(text.data + at, '\n', text.size - at);
        size_t size =
            newline ? (size_t)(newline - text.data) - at : text.size - at;
        struct slice line = {text.data + at, size};
        status = append_variants(out, line, number, folder, options, error);
        at += size + 1;
    }
    normalizer_free(folder);
    return status;
}
