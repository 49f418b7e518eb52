import CPango
import CQRencode

/// Makes QR codes (ISO/IEC 18004), model 2.
public enum QRCode {
    /// How much of a damaged symbol can still be read.
    public enum Correction: Sendable, CaseIterable {
        /// About 7 %.
        case low
        /// About 15 %.
        case medium
        /// About 25 %.
        case quartile
        /// About 30 %.
        case high

        var level: QRecLevel {
            switch self {
            case .low: QR_ECLEVEL_L
            case .medium: QR_ECLEVEL_M
            case .quartile: QR_ECLEVEL_Q
            case .high: QR_ECLEVEL_H
            }
        }
    }

    /// Pixels per module that ``png(_:scale:correction:)`` accepts.
    public static let scales = 1...40

    /// The smallest symbol for the text: alphanumeric mode when its characters allow, else its UTF-8 bytes.
    ///
    /// - Throws: ``TicketDocumentError/codeNotEncodable`` when the text is empty or too long.
    public static func modules(
        _ text: String, correction: Correction = .medium
    ) throws(TicketDocumentError) -> QRMatrix {
        let bytes = Array(text.utf8)
        // libqrencode counts in 32 bits; no symbol holds more than 2,953 bytes or 7,089 digits.
        guard (1...7089).contains(bytes.count), let input = QRinput_new2(0, correction.level) else {
            throw .codeNotEncodable
        }
        defer { QRinput_free(input) }
        // A reader takes plain bytes for Latin-1 or guesses, unless an ECI header (26 is UTF-8) says what they are.
        let isASCII = bytes.allSatisfy { $0 < 0x80 }
        guard isASCII || QRinput_appendECIheader(input, 26) == 0,
            QRinput_append(input, mode(for: bytes), Int32(bytes.count), bytes) == 0,
            let code = QRcode_encodeInput(input)
        else { throw .codeNotEncodable }
        defer { QRcode_free(code) }
        let size = Int(code.pointee.width)
        // The lowest bit of each byte is the module; the others say which part of the symbol it belongs to.
        let modules = UnsafeBufferPointer(start: code.pointee.data, count: size * size)
        return QRMatrix(size: size, darkModules: modules.map { $0 & 1 == 1 })
    }

    /// A PNG picture of the symbol with its quiet zone, dark on white.
    ///
    /// - Parameter scale: Pixels per module, within ``scales``.
    /// - Throws: ``TicketDocumentError``.
    public static func png(
        _ text: String, scale: Int, correction: Correction = .medium
    ) throws(TicketDocumentError) -> [UInt8] {
        guard scales.contains(scale) else { throw .scaleOutOfRange(allowed: scales) }
        return try picture(of: modules(text, correction: correction), scale: scale)
    }

    private static let alphanumeric = Set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:".utf8)

    private static func mode(for bytes: [UInt8]) -> QRencodeMode {
        if bytes.allSatisfy({ (0x30...0x39).contains($0) }) { return QR_MODE_NUM }
        return bytes.allSatisfy(alphanumeric.contains) ? QR_MODE_AN : QR_MODE_8
    }

    private static func picture(of matrix: QRMatrix, scale: Int) throws(TicketDocumentError) -> [UInt8] {
        let side = Int32((matrix.size + 2 * QRMatrix.quietZone) * scale)
        // An alpha-only surface is written as an 8-bit grey picture: full coverage is white.
        guard let surface = cairo_image_surface_create(CAIRO_FORMAT_A8, side, side),
            let context = cairo_create(surface)
        else { throw .drawingFailed("out of memory") }
        defer {
            cairo_destroy(context)
            cairo_surface_destroy(surface)
        }
        cairo_set_operator(context, CAIRO_OPERATOR_SOURCE)
        cairo_set_antialias(context, CAIRO_ANTIALIAS_NONE)
        cairo_set_source_rgba(context, 0, 0, 0, 1)
        cairo_paint(context)
        cairo_set_source_rgba(context, 0, 0, 0, 0)
        cairo_scale(context, Double(scale), Double(scale))
        cairo_translate(context, Double(QRMatrix.quietZone), Double(QRMatrix.quietZone))
        for row in 0..<matrix.size {
            for run in matrix.darkRuns(row: row) {
                cairo_rectangle(context, Double(run.lowerBound), Double(row), Double(run.count), 1)
            }
        }
        cairo_fill(context)
        let sink = ByteSink()
        let status = cairo_surface_write_to_png_stream(surface, ByteSink.write, sink.context)
        guard status == CAIRO_STATUS_SUCCESS else {
            throw .drawingFailed(String(cString: cairo_status_to_string(status)))
        }
        return sink.bytes
    }
}
