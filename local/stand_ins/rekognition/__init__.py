"""Amazon Rekognition's CompareFaces, on the wire as botocore speaks it, with a real network behind it.

Source: https://docs.aws.amazon.com/rekognition/latest/APIReference/API_CompareFaces.html and botocore's model of it.
"""
