"""otlp.py PORT FILE: notes what the official types make out of each request for /v1/logs, a line each."""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from google.protobuf.json_format import MessageToJson, Parse, ParseError
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

PORT, FILE = int(sys.argv[1]), sys.argv[2]


class Collector(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, text):
        self.send_response(status)
        self.send_header("access-control-allow-origin", "*")
        self.send_header("access-control-allow-headers", "content-type")
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def do_GET(self):
        self.answer(200, "{}")

    do_OPTIONS = do_GET

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path != "/v1/logs":
            return self.answer(404, "{}")
        try:
            # Unknown fields are an error: nobody would see what is in them.
            request = Parse(body, ExportLogsServiceRequest())
        except ParseError as error:
            return self.answer(400, '{"code": 3, "message": "%s"}' % type(error).__name__)
        with open(FILE, "a", encoding="utf-8") as file:
            file.write(MessageToJson(request, indent=None) + "\n")
        self.answer(200, "{}")

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("127.0.0.1", PORT), Collector).serve_forever()
