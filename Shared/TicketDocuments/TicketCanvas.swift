/// What ticket pages are drawn on; all measures are points (1/72 inch) from the top left.
protocol TicketCanvas: AnyObject {
    var typesetter: Typesetter { get }

    func fill(_ path: TicketPath, color: TicketColor)

    func stroke(_ path: TicketPath, color: TicketColor, width: Double, dashes: [Double])

    /// Fills the part of the rectangle that is within the outline, from one colour at its top left to the other at its
    /// bottom right.
    func fillGradient(
        within outline: TicketPath, left: Double, top: Double, right: Double, bottom: Double, from start: TicketColor,
        to end: TicketColor)

    /// Draws the symbol with its quiet zone into a white square.
    func drawSymbol(_ matrix: QRMatrix, x: Double, y: Double, side: Double) throws(TicketDocumentError)

    func draw(_ block: TextBlock, x: Double, y: Double)

    func endPage()

    /// The whole document. Nothing may be drawn afterwards.
    func finish() throws(TicketDocumentError) -> [UInt8]
}
