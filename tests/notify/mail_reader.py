#!/usr/bin/env python3
"""Prints what a mail program would read in a message, as JSON: mail_reader.py FILE"""
import email
import email.policy
import json
import sys

with open(sys.argv[1], "rb") as file:
    message = email.message_from_binary_file(file, policy=email.policy.default)
body = {part.get_content_type(): part.get_content() for part in message.walk() if part.get_content_maintype() == "text"}
print(json.dumps({
    "subject": message["Subject"], "from": message["From"], "to": message["To"], "date": message["Date"].datetime.isoformat(),
    "message_id": message["Message-ID"], "in_reply_to": message["In-Reply-To"], "references": message["References"],
    "types": [part.get_content_type() for part in message.walk()], "text": body.get("text/plain"), "html": body.get("text/html"),
    "defects": [str(defect) for part in message.walk() for defect in part.defects],
    "longest_line": max(len(line) for line in open(sys.argv[1], "rb").read().split(b"\r\n")),
}, ensure_ascii=False))
