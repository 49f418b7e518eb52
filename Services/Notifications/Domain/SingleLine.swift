extension String {
    /// The text on one line: line breaks, tabs and other control or direction-changing characters become single spaces.
    /// What people typed goes into mail headers and into lines that must not be forged.
    var singleLine: String {
        if isPlainLine { return self }
        let visible = unicodeScalars.map { scalar -> Character in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: " "
            default: Self.directionControls.contains(scalar) ? " " : Character(scalar)
            }
        }
        return visible.split(whereSeparator: \.isWhitespace).map { String($0) }.joined(separator: " ")
    }

    /// Whether the text is ASCII without control characters, its words one space apart: what most people type.
    private var isPlainLine: Bool {
        var previous: UInt8 = 0x20
        for byte in utf8 {
            guard (0x20..<0x7F).contains(byte), byte != 0x20 || previous != 0x20 else { return false }
            previous = byte
        }
        return previous != 0x20 || utf8.isEmpty
    }

    /// The explicit embeddings, overrides and isolates of Unicode's bidirectional algorithm (UAX 9), which could make a
    /// line read as something else. Right-to-left text needs none of them.
    private static let directionControls: Set<Unicode.Scalar> = [
        "\u{202A}", "\u{202B}", "\u{202C}", "\u{202D}", "\u{202E}", "\u{2066}", "\u{2067}", "\u{2068}", "\u{2069}",
    ]
}
