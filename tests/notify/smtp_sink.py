#!/usr/bin/env python3
"""A mail server for tests: takes everything, keeps each message as N.eml beside N.envelope (JSON) in a folder.

smtp_sink.py FOLDER [--certificate PEM] [--implicit-tls] [--user NAME --password WORD] [--refuse ADDRESS]

Prints its port. With a certificate it offers STARTTLS; with a user it wants AUTH PLAIN.
"""
import argparse
import base64
import json
import pathlib
import socketserver
import ssl

options = argparse.ArgumentParser()
options.add_argument("folder", type=pathlib.Path)
options.add_argument("--certificate")
options.add_argument("--implicit-tls", action="store_true")
options.add_argument("--user")
options.add_argument("--password")
options.add_argument("--refuse", action="append", default=[])
options = options.parse_args()
context = None
if options.certificate:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.certificate)
count = 0


class Session(socketserver.BaseRequestHandler):
    def open(self):
        self.lines = self.request.makefile("rb")

    def say(self, text):
        self.request.sendall(text.encode() + b"\r\n")

    def handle(self):
        self.secure = options.implicit_tls
        self.user, self.sender, self.recipients = "", None, ()
        if self.secure:
            self.request = context.wrap_socket(self.request, server_side=True)
        self.open()
        self.say("220 sink ESMTP")
        while line := self.lines.readline():
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            if not self.step(text.split(" ")[0].upper(), text):
                return

    def step(self, word, text):
        global count
        if word == "EHLO":
            self.say("250-sink")
            if context and not self.secure:
                self.say("250-STARTTLS")
            self.say("250 AUTH PLAIN")
        elif word == "STARTTLS":
            self.say("220 go on")
            self.request = context.wrap_socket(self.request, server_side=True)
            self.secure = True
            self.open()
        elif word == "AUTH":
            parts = text.split(" ")
            given = parts[2] if len(parts) > 2 else self.ask("334 ")
            _, user, password = base64.b64decode(given).decode().split("\0")
            if (user, password) != (options.user, options.password):
                self.say("535 5.7.8 wrong password")
                return True
            self.user = user
            self.say("235 welcome")
        elif word == "MAIL":
            if options.user and not self.user:
                self.say("530 5.7.0 who are you")
                return True
            self.sender, self.recipients = text[5:], ()
            self.say("250 ok")
        elif word == "RCPT":
            address = text.partition("<")[2].partition(">")[0]
            if address in options.refuse:
                self.say("550 5.1.1 nobody here")
            else:
                self.recipients += (address,)
                self.say("250 ok")
        elif word == "DATA":
            self.say("354 go on")
            data = b""
            for line in self.lines:
                if line == b".\r\n":
                    break
                data += line[1:] if line.startswith(b".") else line
            count += 1
            (options.folder / f"{count}.envelope").write_text(
                json.dumps({"from": self.sender, "to": self.recipients, "tls": self.secure, "user": self.user}))
            part = options.folder / f"{count}.part"
            part.write_bytes(data)
            part.rename(options.folder / f"{count}.eml")
            self.say("250 kept")
        elif word == "QUIT":
            self.say("221 bye")
            return False
        else:
            self.say("250 ok")
        return True

    def ask(self, text):
        self.say(text)
        return next(self.lines).decode().strip()


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass                                   # a client that does not trust the certificate hangs up


with Server(("127.0.0.1", 0), Session) as server:
    print(server.server_address[1], flush=True)
    server.serve_forever()
