"""Asks Unspool with OpenAI's own client: streamed, at once, and for something that is not there.

    ask.py BASE_URL

Prints what came as one line of JSON.
"""

import json
import sys

import openai


def main(base_url: str) -> None:
    client = openai.OpenAI(base_url=base_url, api_key="any", max_retries=0)
    question = [{"role": "user", "content": "Why is the sky blue?"}]
    stream = client.chat.completions.create(
        model="unspool", messages=question, stream=True, stream_options={"include_usage": True}
    )
    text, usage = "", None
    for chunk in stream:
        text += "".join(choice.delta.content or "" for choice in chunk.choices)
        usage = chunk.usage or usage
    whole = client.chat.completions.create(model="unspool", messages=question)
    try:
        client.chat.completions.create(model="unspool", messages=[{"role": "user", "content": " "}])
        error = None
    except openai.APIStatusError as refused:
        error = refused.status_code
    print(
        json.dumps(
            {
                "streamed": text,
                "usage": usage and usage.total_tokens,
                "whole": whole.choices[0].message.content,
                "error": error,
                "models": [model.id for model in client.models.list()],
            }
        )
    )


main(sys.argv[1])
