"""Trains a small classifier of English product reviews and writes it as transformers.js reads it: review-sentiment/.
A word is a learned vector, a text the mean of its words' vectors, its sentiment a linear layer on that mean.

    pip download --no-deps --no-binary :all: vaderSentiment==3.3.2
    python review_sentiment.py vaderSentiment-3.3.2.tar.gz
"""

import collections
import json
import sys
import tarfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

HERE = Path(__file__).parent / "review-sentiment"
RATED = "hutto_ICWSM_2014/amazonReviewSnippets_GroundTruth.txt"
LABELS = ["negative", "positive"]
WORDS, VECTOR, EPOCHS, RATE, SEED = 1000, 16, 15, 0.003, 7
PAD, UNKNOWN = "[PAD]", "[UNK]"


def main(archive: str) -> None:
    texts, labels = reviews(archive)
    tokenizer = tokenizer_of(texts)
    bags = np.array([bag_of(tokenizer, text) for text in texts], dtype="float32")
    held_back = np.arange(len(texts)) % 5 == 0
    words, weights, bias = trained(bags[~held_back], labels[~held_back])
    right = (bags[held_back] @ words @ weights + bias).argmax(axis=1) == labels[held_back]
    print(f"{len(texts)} reviews, {len(words)} words; of every fifth, held back, {right.mean():.1%} are right")
    write(tokenizer, words, weights, bias)


def reviews(archive: str) -> tuple[list[str], np.ndarray]:
    """Mean ratings of twenty people, -4 to 4; what they found neither good nor bad is left out."""
    with tarfile.open(archive) as package:
        name = next(name for name in package.getnames() if name.endswith("hutto_ICWSM_2014.tar.gz"))
        with tarfile.open(fileobj=package.extractfile(name)) as data:
            lines = data.extractfile(RATED).read().decode("utf-8", "replace").splitlines()
    rated = [(float(rating), text) for _, rating, text in (line.split("\t") for line in lines)]
    clear = [(rating, text) for rating, text in rated if abs(rating) >= 0.5]
    return [text for _, text in clear], np.array([rating > 0 for rating, _ in clear], dtype=int)


def tokenizer_of(texts: list[str]) -> Tokenizer:
    normalizer, pre_tokenizer = normalizers.BertNormalizer(lowercase=True), pre_tokenizers.BertPreTokenizer()
    seen = collections.Counter(
        word for text in texts for word, _ in pre_tokenizer.pre_tokenize_str(normalizer.normalize_str(text))
    )
    vocabulary = [PAD, UNKNOWN, *sorted(word for word, _ in seen.most_common(WORDS))]
    tokenizer = Tokenizer(models.WordLevel({word: id for id, word in enumerate(vocabulary)}, unk_token=UNKNOWN))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizer, pre_tokenizer
    return tokenizer


def bag_of(tokenizer: Tokenizer, text: str) -> np.ndarray:
    ids = tokenizer.encode(text).ids
    return np.bincount(ids, minlength=tokenizer.get_vocab_size()) / max(1, len(ids))


def trained(bags: np.ndarray, labels: np.ndarray) -> list[np.ndarray]:
    """Cross entropy, Adam."""
    random = np.random.default_rng(SEED)
    parameters = [
        random.normal(0, 0.1, (bags.shape[1], VECTOR)).astype("float32"),
        random.normal(0, 0.1, (VECTOR, len(LABELS))).astype("float32"),
        np.zeros(len(LABELS), dtype="float32"),
    ]
    moments = [(np.zeros_like(one), np.zeros_like(one)) for one in parameters]
    truth = np.eye(len(LABELS), dtype="float32")[labels]
    step = 0
    for _ in range(EPOCHS):
        for rows in np.array_split(random.permutation(len(bags)), len(bags) // 64):
            step += 1
            words, weights, bias = parameters
            texts = bags[rows] @ words
            odds = np.exp(texts @ weights + bias)
            error = (odds / odds.sum(axis=1, keepdims=True) - truth[rows]) / len(rows)
            gradients = [bags[rows].T @ (error @ weights.T), texts.T @ error, error.sum(axis=0)]
            for parameter, gradient, (first, second) in zip(parameters, gradients, moments):
                first += 0.1 * (gradient - first)
                second += 0.001 * (gradient**2 - second)
                unbiased = first / (1 - 0.9**step), second / (1 - 0.999**step)
                parameter -= RATE * unbiased[0] / (np.sqrt(unbiased[1]) + 1e-8)
    return parameters


def write(tokenizer: Tokenizer, words: np.ndarray, weights: np.ndarray, bias: np.ndarray) -> None:
    (HERE / "onnx").mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(HERE / "tokenizer.json"), pretty=False)
    special = {"pad_token": PAD, "unk_token": UNKNOWN}
    save_json("tokenizer_config.json", {"tokenizer_class": "PreTrainedTokenizerFast", **special})
    labels = {"id2label": dict(enumerate(LABELS)), "label2id": {name: id for id, name in enumerate(LABELS)}}
    # A DistilBERT takes these two inputs and no others; what is between them and the outputs is up to the graph.
    save_json("config.json", {"model_type": "distilbert", **labels})
    onnx.save(graph(words, weights, bias), HERE / "onnx" / "model.onnx")


def graph(words: np.ndarray, weights: np.ndarray, bias: np.ndarray) -> onnx.ModelProto:
    constants = {
        "words": words,
        "weights": weights,
        "bias": bias,
        "token_axis": np.array([1]),
        "last_axis": np.array([2]),
    }
    nodes = [
        helper.make_node("Gather", ["words", "input_ids"], ["last_hidden_state"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last_axis"], ["mask_of_tokens"]),
        helper.make_node("Mul", ["last_hidden_state", "mask_of_tokens"], ["seen"]),
        helper.make_node("ReduceSum", ["seen", "token_axis"], ["total"], keepdims=0),
        helper.make_node("ReduceSum", ["mask", "token_axis"], ["tokens"], keepdims=1),
        helper.make_node("Div", ["total", "tokens"], ["mean"]),
        helper.make_node("MatMul", ["mean", "weights"], ["scores"]),
        helper.make_node("Add", ["scores", "bias"], ["logits"]),
    ]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
        for name in ("input_ids", "attention_mask")
    ]
    outputs = [
        helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", len(LABELS)]),
        helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "tokens", VECTOR]),
    ]
    initializers = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    body = helper.make_graph(nodes, "review-sentiment", inputs, outputs, initializers)
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    return model


def save_json(name: str, content: dict) -> None:
    (HERE / name).write_text(json.dumps(content, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
