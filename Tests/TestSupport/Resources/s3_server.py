"""A server that speaks S3 (moto) for tests, which checks signatures and rights.

Prints "LISTENING <port> <access key> <secret key>" when it is ready: a bucket "files" is there, and a user who may do
what a file store does in it. Ends when its input does.
"""

import json
import os
import sys

os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")

import boto3
from moto import settings
from moto.server import ThreadedMotoServer

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
_, port = server.get_host_and_port()
keys = dict(
    endpoint_url=f"http://127.0.0.1:{port}", aws_access_key_id="root", aws_secret_access_key="root"
)
boto3.client("s3", **keys).create_bucket(
    Bucket="files", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
)
iam = boto3.client("iam", **keys)
iam.create_user(UserName="drizzl")
iam.put_user_policy(
    UserName="drizzl",
    PolicyName="files",
    PolicyDocument=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
                    "Resource": "arn:aws:s3:::files/*",
                }
            ],
        }
    ),
)
key = iam.create_access_key(UserName="drizzl")["AccessKey"]
settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
print(f"LISTENING {port} {key['AccessKeyId']} {key['SecretAccessKey']}", flush=True)
sys.stdin.read()
server.stop()
