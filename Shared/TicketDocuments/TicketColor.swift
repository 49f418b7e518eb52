import Foundation

/// An opaque sRGB colour; each part is 0 to 1.
public struct TicketColor: Sendable, Hashable {
    let red: Double
    let green: Double
    let blue: Double

    /// Parts outside 0 to 1 are brought back to the nearest bound.
    public init(red: Double, green: Double, blue: Double) {
        self.red = min(max(red, 0), 1)
        self.green = min(max(green, 0), 1)
        self.blue = min(max(blue, 0), 1)
    }

    /// Reads `#1B2A4A`, with or without the `#`; nil for anything else.
    public init?(hexadecimal text: String) {
        let digits = text.hasPrefix("#") ? text.dropFirst() : text[...]
        guard digits.utf8.count == 6, digits.allSatisfy(\.isHexDigit), let value = Int(digits, radix: 16) else {
            return nil
        }
        self.init(rgb: value)
    }

    init(rgb value: Int) {
        self.init(
            red: Double(value >> 16 & 0xff) / 255, green: Double(value >> 8 & 0xff) / 255,
            blue: Double(value & 0xff) / 255)
    }

    /// The platform's own colour: a deep blue.
    public static let night = TicketColor(rgb: 0x16_2447)

    static let white = TicketColor(rgb: 0xff_ffff)
    static let ink = TicketColor(rgb: 0x11_1827)
    static let muted = TicketColor(rgb: 0x6b_7280)
    static let hairline = TicketColor(rgb: 0xd1_d5db)
    static let tint = TicketColor(rgb: 0xf3_f4f6)

    /// WCAG 2 relative luminance.
    var luminance: Double {
        let linear: (Double) -> Double = { $0 <= 0.04045 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4) }
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    /// White or ink, whichever has the higher contrast on this colour.
    var textColor: TicketColor {
        let onWhite = 1.05 / (luminance + 0.05)
        let onInk = (luminance + 0.05) / (TicketColor.ink.luminance + 0.05)
        return onWhite >= onInk ? .white : .ink
    }

    /// This colour with a share of another mixed in.
    func mixed(with other: TicketColor, share: Double) -> TicketColor {
        TicketColor(
            red: red + (other.red - red) * share, green: green + (other.green - green) * share,
            blue: blue + (other.blue - blue) * share)
    }
}
