import Contracts
import SerialQueueExecutor
import TicketDocuments

/// Draws tickets on a queue of its own: some milliseconds of work a page, which would hold up others on the shared
/// threads. A process has one, so that mails of a hot sale leave the machine's other cores to the sale itself.
actor TicketPrinter {
    private let executor = SerialQueueExecutor(label: "ticket-printer")

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// One page for each ticket of the order. The same document always gives the same bytes.
    /// - Throws: ``TicketDocumentError``.
    func pdf(of document: TicketDocument) throws(TicketDocumentError) -> [UInt8] {
        try TicketPDF.render(TicketSheet(document), createdAt: document.completedAt.date)
    }
}
