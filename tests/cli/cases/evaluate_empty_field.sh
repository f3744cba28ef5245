# A field that no record fills in is not judged; one filled in late is.
{
    for i in $(seq 1100); do
        echo '{"text": "The team won.", "tone": "positive", "stance": null, "topic": []}'
    done
    echo '{"text": "The team won.", "tone": "positive", "topic": ["sport"]}'
} >in.jsonl
tenor evaluate -m news.tenor -f json --resamples 0 in.jsonl | grep kind
