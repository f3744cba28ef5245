/* Records of every format. A record's text is valid UTF-8 without NUL bytes;
 * an error names a line. */
#include "corpus/corpus.h"
#include "text/text.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    for (int format = RECORD_AUTO; format <= RECORD_FASTTEXT; format++) {
        struct record_reader *reader;
        tenor_error error = {0};
        tenor_status status =
            record_reader_open_memory(&reader, "fuzz", (const char *)data, size,
                                      (enum record_format)format, &error);
        bool more = status == TENOR_OK;
        while (!status && more) {
            struct record record;
            status = record_reader_next(reader, &record, &more, &error);
            struct slice text = record.text;
            if (!status && more &&
                (utf8_valid_prefix(text.data, text.size) != text.size ||
                 record.line == 0))
                abort();
            record_clear(&record);
        }
        if (status == TENOR_ERROR_INPUT && error.line == 0)
            abort();
        record_reader_close(reader);
    }
    return 0;
}
