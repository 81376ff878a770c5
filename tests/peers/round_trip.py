"""Writes, reads and deletes an object by a vendor's own SDK: round_trip.py VENDOR URL HOST ID SECRET."""

import sys

CONTENT = b"written by the vendor's own SDK"


def oss(url, _host, key, secret, version="v1"):
    import oss2

    auth = oss2.AuthV4(key, secret) if version == "v4" else oss2.Auth(key, secret)
    bucket = oss2.Bucket(auth, url, "dify", region="cn-hangzhou")
    bucket.put_object("a b/c", CONTENT)
    read = bucket.get_object("a b/c").read()
    bucket.delete_object("a b/c")
    return read


def oss4(*arguments):
    return oss(*arguments, version="v4")


def cos(_url, host, key, secret):
    from qcloud_cos import CosConfig, CosS3Client

    client = CosS3Client(CosConfig(Domain=host, SecretId=key, SecretKey=secret, Scheme="http"))
    client.put_object(Bucket="dify", Body=CONTENT, Key="a b/c")
    read = client.get_object(Bucket="dify", Key="a b/c")["Body"].get_raw_stream().read()
    client.delete_object(Bucket="dify", Key="a b/c")
    return read


def obs(url, _host, key, secret):
    from obs import ObsClient

    client = ObsClient(access_key_id=key, secret_access_key=secret, server=url)
    put = client.putObject("dify", "a b/c", CONTENT)
    assert put.status < 300, put
    read = client.getObject("dify", "a b/c").body.response.read()
    assert client.deleteObject("dify", "a b/c").status < 300
    return read


def tos(url, _host, key, secret):
    import tos as sdk

    client = sdk.TosClientV2(ak=key, sk=secret, endpoint=url, region="cn-beijing", enable_crc=False)
    client.put_object(bucket="dify", key="a b/c", content=CONTENT)
    read = client.get_object(bucket="dify", key="a b/c").read()
    client.delete_object(bucket="dify", key="a b/c")
    return read


def bos(url, _host, key, secret):
    from baidubce.auth.bce_credentials import BceCredentials
    from baidubce.bce_client_configuration import BceClientConfiguration
    from baidubce.services.bos.bos_client import BosClient

    config = BceClientConfiguration(credentials=BceCredentials(key, secret), endpoint=url)
    client = BosClient(config)
    client.put_object_from_string("dify", "a b/c", CONTENT.decode())
    read = client.get_object_as_string("dify", "a b/c")
    client.delete_object("dify", "a b/c")
    return read


def main():
    vendor, *arguments = sys.argv[1:]
    read = globals()[vendor](*arguments)
    assert read == CONTENT, read
    print("ok")


main()
