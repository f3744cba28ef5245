train() { # RECORDS
    printf "$1" >in.jsonl && code tenor-train -o new.tenor in.jsonl
}
train '{"text": "a", "tone": "x"}\n{"tone": "y"}\n'              # no text
train '{"text": ["a"], "tone": "x"}\n'                           # not text
train '{"text": "a", "tone": "x"}\n{"text": "b", "tone": {}}\n'  # no label
train '{"text": "a", "tone": "x"}\n{"text": "b", "tone": "x"}\n' # one label
train '{"text": "a"}\n{"text": "b"}\n'                           # no task
train '{"text": "a", "tone": null}\n{"text": "b", "tone": ""}\n' # unlabelled
train '{"text": "a", "topic": []}\n{"text": "b", "topic": []}\n' # all empty
train '{"text": "!", "tone": "x"}\n{"text": "?", "tone": "y"}\n' # no word
code tenor-train -t nonsense -o new.tenor data/train.jsonl
printf '{"text": "a", "tone": null}\n{"text": "b", "tone": ""}\n' >in.jsonl
code tenor-train -t tone -o new.tenor in.jsonl # there, but empty
code tenor-train --group nonsense -o new.tenor data/train.jsonl
ls
