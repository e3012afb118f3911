/// The trace that a cell becomes, told to a command that works on it, so that the spans of the code under test join it.

import Metastore
import TraceModel

extension LeasedCell {
    /// W3C Trace Context: the span that the cell's outcome will name, as the parent of whatever the command does.
    package var traceParent: String {
        let identity = CellTrace.identity(of: self)
        return "00-\(identity.traceID.hex)-\(identity.rootSpanID.hex)-01"
    }
}
