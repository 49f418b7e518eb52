import CCurl

/// Builds a mail's MIME tree (RFC 2045): mixed { alternative { text, HTML }, attachments }.
enum MailBody {
    /// Hands the finished tree to the transfer.
    ///
    /// - Throws: ``MailSendError/invalidField(_:reason:)`` for an attachment that cannot be described.
    static func attach(_ mail: Mail, to transfer: EasyTransfer) throws(MailSendError) {
        guard let mixed = curl_mime_init(transfer.handle) else { return transfer.record(CURLE_OUT_OF_MEMORY) }
        transfer.setMIME(mixed)
        if let html = mail.html {
            guard let alternative = curl_mime_init(transfer.handle) else {
                return transfer.record(CURLE_OUT_OF_MEMORY)
            }
            add(mail.text, type: "text/plain; charset=utf-8", to: alternative, of: transfer)
            add(html, type: "text/html; charset=utf-8", to: alternative, of: transfer)
            let part = curl_mime_addpart(mixed)
            // On success the part owns the subparts.
            let attached = curl_mime_subparts(part, alternative)
            if attached != CURLE_OK { curl_mime_free(alternative) }
            transfer.record(attached)
            transfer.record(curl_mime_type(part, "multipart/alternative"))
        } else {
            add(mail.text, type: "text/plain; charset=utf-8", to: mixed, of: transfer)
        }
        for (index, attachment) in mail.attachments.enumerated() {
            let field = "attachments[\(index)]"
            try MailHeaders.requireMediaType(attachment.contentType, field: "\(field).contentType")
            let headers = try MailHeaders.lines(of: attachment, field: field)
            let part = add(attachment.bytes, type: attachment.contentType, encoder: "base64", to: mixed, of: transfer)
            transfer.record(curl_mime_headers(part, CurlList.make(headers), 1))
        }
    }

    /// libcurl's quoted-printable encoder knows only CRLF as a line end.
    private static func add(_ text: String, type: String, to mime: OpaquePointer, of transfer: EasyTransfer) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 256)
        var previous: UInt8 = 0
        for byte in text.utf8 {
            switch byte {
            case 0x0a where previous == 0x0d: break
            case 0x0a, 0x0d: bytes += [0x0d, 0x0a]
            default: bytes.append(byte)
            }
            previous = byte
        }
        add(bytes, type: type, encoder: "quoted-printable", to: mime, of: transfer)
    }

    @discardableResult
    private static func add(
        _ bytes: [UInt8], type: String, encoder: String, to mime: OpaquePointer, of transfer: EasyTransfer
    ) -> OpaquePointer? {
        let part = curl_mime_addpart(mime)
        // An empty array may have no address, which would unset the part.
        let copied = (bytes.isEmpty ? [0] : bytes).withUnsafeBytes { buffer in
            curl_mime_data(part, buffer.assumingMemoryBound(to: CChar.self).baseAddress, bytes.count)
        }
        transfer.record(copied)
        transfer.record(curl_mime_type(part, type))
        transfer.record(curl_mime_encoder(part, encoder))
        return part
    }
}
