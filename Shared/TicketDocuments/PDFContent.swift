import Foundation

/// A page's drawing operators (ISO 32000-1 annex A), with y growing downwards.
struct PDFContent {
    private(set) var bytes: [UInt8] = []

    init(pageHeight: Double) {
        write(1, 0, 0, -1, 0, pageHeight, "cm")
    }

    mutating func write(_ numbers: Double..., operator name: String) {
        for number in numbers { append(number) }
        bytes += name.utf8
        bytes.append(0x0a)
    }

    mutating func write(
        _ a: Double, _ b: Double, _ c: Double, _ d: Double, _ e: Double, _ f: Double, _ name: String
    ) {
        write(a, b, c, d, e, f, operator: name)
    }

    mutating func write(_ text: String) {
        bytes += text.utf8
        bytes.append(0x0a)
    }

    mutating func write(_ raw: [UInt8]) {
        bytes += raw
        bytes.append(0x0a)
    }

    mutating func write(_ path: TicketPath) {
        var isOpen = false
        for segment in path.segments {
            switch segment {
            case .move(let x, let y): write(x, y, operator: "m")
            case .line(let x, let y): write(x, y, operator: "l")
            case .arc(let x, let y, let radius, let from, let to):
                write(x + radius * cos(from), y + radius * sin(from), operator: isOpen ? "l" : "m")
                writeArc(x: x, y: y, radius: radius, from: from, to: to)
            case .close: write("h")
            }
            isOpen = true
        }
    }

    /// Quarters of the circle as Bézier curves, which are off by less than a thousandth of the radius.
    private mutating func writeArc(x: Double, y: Double, radius: Double, from: Double, to: Double) {
        let count = max(1, Int((abs(to - from) / (.pi / 2)).rounded()))
        let angle = (to - from) / Double(count)
        let reach = radius * 4 / 3 * tan(angle / 4)
        for index in 0..<count {
            let (start, end) = (from + Double(index) * angle, from + Double(index + 1) * angle)
            write(
                x + radius * cos(start) - reach * sin(start), y + radius * sin(start) + reach * cos(start),
                x + radius * cos(end) + reach * sin(end), y + radius * sin(end) - reach * cos(end),
                x + radius * cos(end), y + radius * sin(end), "c")
        }
    }

    private mutating func append(_ number: Double) {
        Self.append(number, to: &bytes)
        bytes.append(0x20)
    }

    /// In decimal notation, to a thousandth of a point.
    static func append(_ number: Double, to bytes: inout [UInt8]) {
        var thousandths = Int((number * 1000).rounded())
        if thousandths < 0 {
            bytes.append(0x2d)
            thousandths = -thousandths
        }
        let (whole, fraction) = thousandths.quotientAndRemainder(dividingBy: 1000)
        bytes += String(whole).utf8
        guard fraction > 0 else { return }
        bytes.append(0x2e)
        var (rest, scale) = (fraction, 100)
        while rest > 0 {
            bytes.append(0x30 + UInt8(rest / scale))
            rest %= scale
            scale /= 10
        }
    }
}
