import Contracts
import Foundation
import Testing

/// A mail that the sink kept, read by programs nobody here wrote: Python's mail parser, poppler and zbar.
struct ReceivedMail: Decodable {
    let text: String
    let html: String
    /// The texts of the QR codes on the pages of the attached PDF.
    let codes: [String]

    /// The newest mail to this address; nil while there is none.
    static func find(to email: String) async throws -> ReceivedMail? {
        let (status, output) = try await Program.run(
            try Installation.value("VOELGOED_TEST_PYTHON"),
            ["-c", reader, try Installation.value("VOELGOED_TEST_MAIL_FOLDER"), email])
        try #require(status == 0, "\(output)")
        guard output != "none\n" else { return nil }
        return try JSONDecoder().decode(ReceivedMail.self, from: Data(output.utf8))
    }

    static func codes(inPicture png: Data) async throws -> [String] {
        let file = FileManager.default.temporaryDirectory.appending(path: "qr-\(UUID().uuidString).png")
        try png.write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }  // A leftover in the temporary folder harms nobody.
        let (status, output) = try await Program.run(
            "/usr/bin/zbarimg", ["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", file.path], isQuiet: true)
        try #require(status == 0, "zbar found no code")
        return output.split(separator: "\n").map(String.init)
    }

    private static let reader = """
        import email, email.policy, json, os, subprocess, sys, tempfile
        folder, address = sys.argv[1:3]
        found = None
        for name in sorted(os.listdir(os.path.join(folder, "new")), key=lambda n: os.path.getmtime(os.path.join(folder, "new", n))):
            with open(os.path.join(folder, "new", name), "rb") as file:
                message = email.message_from_binary_file(file, policy=email.policy.default)
            if address in str(message["to"]):
                found = message
        if found is None:
            print("none")
            sys.exit()
        codes = []
        with tempfile.TemporaryDirectory() as work:
            for part in found.iter_attachments():
                if part.get_content_type() != "application/pdf":
                    continue
                path = os.path.join(work, "tickets.pdf")
                with open(path, "wb") as file:
                    file.write(part.get_content())
                subprocess.run(["pdftoppm", "-png", "-r", "150", path, os.path.join(work, "page")], check=True)
                for page in sorted(p for p in os.listdir(work) if p.startswith("page")):
                    read = subprocess.run(["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", os.path.join(work, page)], capture_output=True, text=True)
                    codes += read.stdout.split()
        text = found.get_body(("plain",)).get_content()
        html = found.get_body(("html",)).get_content()
        print(json.dumps({"text": text, "html": html, "codes": codes}))
        """
}

/// Signatures checked by the `standardwebhooks` package.
enum StandardWebhooks {
    static func verify(_ delivery: WebhookReceiver.Delivery, secret: String) async throws {
        let headers = ["webhook-id", "webhook-timestamp", "webhook-signature"].reduce(into: [String: String]()) {
            $0[$1] = delivery.headers[$1]
        }
        let input = try JSONEncoder().encode(["headers": try json(headers), "body": delivery.body, "secret": secret])
        let file = FileManager.default.temporaryDirectory.appending(path: "webhook-\(UUID().uuidString).json")
        try input.write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }  // A leftover in the temporary folder harms nobody.
        let (status, output) = try await Program.run(
            try Installation.value("VOELGOED_TEST_PYTHON"), ["-c", verifier, file.path])
        #expect(status == 0, "the signature does not verify: \(output)")
    }

    private static func json(_ value: [String: String]) throws -> String {
        String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }

    private static let verifier = """
        import json, sys
        from standardwebhooks import Webhook
        data = json.load(open(sys.argv[1]))
        headers = json.loads(data["headers"])
        Webhook(data["secret"]).verify(data["body"], headers)
        try:
            Webhook(data["secret"]).verify(data["body"] + " ", headers)
        except Exception:
            sys.exit(0)
        sys.exit("a changed body verifies as well")
        """
}
