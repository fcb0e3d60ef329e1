"""The protobuf exposition read by Google's library, from a description of the messages that is not ours."""

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

MESSAGES = {
    "LabelPair": "name 1 string, value 2 string",
    "Value": "value 1 double",
    "Bucket": "cumulative_count 1 uint64, upper_bound 2 double",
    "Span": "offset 1 sint32, length 2 uint32",
    "Histogram": "sample_count 1 uint64, sample_sum 2 double, bucket 3 Bucket*, schema 5 sint32, "
    "zero_threshold 6 double, zero_count 7 uint64, positive_span 12 Span*, positive_delta 13 sint64*",
    "Metric": "label 1 LabelPair*, gauge 2 Value, counter 3 Value, histogram 7 Histogram",
    "MetricFamily": "name 1 string, help 2 string, type 3 int32, metric 4 Metric*, unit 5 string",
}


def _message_class():
    field = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="metrics.proto", package="test", syntax="proto2")
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for text in fields.split(", "):
            key, number, kind = text.split()
            label = field.LABEL_REPEATED if kind.endswith("*") else field.LABEL_OPTIONAL
            kind = kind.rstrip("*")
            if kind in MESSAGES:
                message.field.add(
                    name=key, number=int(number), label=label, type=field.TYPE_MESSAGE, type_name=f".test.{kind}"
                )
            else:
                message.field.add(name=key, number=int(number), label=label, type=getattr(field, f"TYPE_{kind.upper()}"))
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("test.MetricFamily"))


MetricFamily = _message_class()


def parse(body: bytes) -> list:
    """Messages, each after its length."""
    families = []
    position = 0
    while position < len(body):
        length = shift = 0
        while True:
            byte = body[position]
            position += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        assert position + length <= len(body)
        families.append(MetricFamily.FromString(body[position : position + length]))
        position += length
    return families


def samples(families: list) -> dict[tuple[str, frozenset], float]:
    """The contents of the text format, in the terms of its parser."""
    found = {}
    for family in families:
        for metric in family.metric:
            labels = {label.name: label.value for label in metric.label}
            if metric.HasField("histogram"):
                histogram = metric.histogram
                for bucket in histogram.bucket:
                    key = frozenset({**labels, "le": f"{bucket.upper_bound:g}"}.items())
                    found[family.name + "_bucket", key] = bucket.cumulative_count
                found[family.name + "_bucket", frozenset({**labels, "le": "+Inf"}.items())] = histogram.sample_count
                found[family.name + "_sum", frozenset(labels.items())] = histogram.sample_sum
                found[family.name + "_count", frozenset(labels.items())] = histogram.sample_count
            else:
                value = metric.counter if metric.HasField("counter") else metric.gauge
                found[family.name, frozenset(labels.items())] = value.value
    return found
