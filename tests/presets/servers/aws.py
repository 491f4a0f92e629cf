"""Takes what an HTTP API of API Gateway would hand on to AWS, by the mappings that the presets tell, and gives it to moto.

Lines of {"preset", "body"} come in; {"preset": [what is stored]} goes out. boto3 checks every parameter first.
"""

import json
import os
import sys
from base64 import b64decode

import boto3
from moto.server import ThreadedMotoServer

os.environ |= {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none", "AWS_EC2_METADATA_DISABLED": "true"}

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()


def client(service):
    return boto3.client(service, region_name="eu-central-1", endpoint_url=f"http://{host}:{port}")


sqs, events, kinesis = client("sqs"), client("events"), client("kinesis")


def queue(name, **attributes):
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


fifo, _ = queue("responses.fifo", FifoQueue="true")
target, arn = queue("events")
events.create_event_bus(Name="surveys")
events.put_rule(Name="all", EventBusName="surveys", EventPattern='{"source": ["asklet"]}')
events.put_targets(Rule="all", EventBusName="surveys", Targets=[{"Id": "queue", "Arn": arn}])
kinesis.create_stream(StreamName="responses", ShardCount=1)


def mapped(body, *names):
    """`$request.body.NAME` for each: HTTP APIs hand on texts only."""
    for name in names:
        assert isinstance(body[name], str), name
    return {name: body[name] for name in names}


def hand_on(preset, body):
    if preset == "sqs":
        names = ("MessageBody", "MessageGroupId", "MessageDeduplicationId")
        return sqs.send_message(QueueUrl=fifo, **mapped(body, *names))
    if preset == "eventbridge":
        entry = mapped(body, "Detail", "DetailType", "Source")
        return events.put_events(Entries=[{**entry, "EventBusName": "surveys"}])
    names = mapped(body, "Data", "PartitionKey")
    # Over the line it is base64; boto3 would encode it once more.
    names["Data"] = b64decode(names["Data"], validate=True)
    return kinesis.put_record(StreamName="responses", **names)


def received(url):
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            yield json.loads(message["Body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


replies = []
for line in sys.stdin:
    post = json.loads(line)
    reply = hand_on(post["preset"], post["body"])
    reply.pop("ResponseMetadata")
    replies.append({"preset": post["preset"], "reply": reply})

shard = kinesis.list_shards(StreamName="responses")["Shards"][0]["ShardId"]
start = kinesis.get_shard_iterator(StreamName="responses", ShardId=shard, ShardIteratorType="TRIM_HORIZON")
records = kinesis.get_records(ShardIterator=start["ShardIterator"])["Records"]
stored = {
    "sqs": list(received(fifo)),
    "eventbridge": [event["detail"] for event in received(target)],
    "kinesis": [json.loads(record["Data"]) for record in records],
}
server.stop()
print(json.dumps({"stored": stored, "replies": replies}))
