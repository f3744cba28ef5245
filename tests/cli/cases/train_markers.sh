# The kind and the quotation share are features where asked for.
printf '{"text": "Rain again", "kind": "heading", "tone": "bad"}
{"text": "\\"Rain again,\\" she said", "tone": "bad"}
{"text": "Sun at last", "kind": "heading", "tone": "good"}
{"text": "The sun came out", "tone": "good"}\n' >in.jsonl
tenor-train --folds 0 --markers all --marker-weight 1 -o new.tenor in.jsonl
tenor info --terms 0 new.tenor | grep -e mark -e terms
tenor tokens -m new.tenor in.jsonl | grep -e ^in -e kind: -e quoted:
printf '# Rain\n\nRain came, "rain at last"\n' >news.md
tenor tokens -m new.tenor news.md | grep -e kind: -e quoted:
tenor classify -m new.tenor -e -f jsonl news.md | grep -c 'kind:heading'
