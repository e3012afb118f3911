import Parquet

/// libFuzzer entry: any bytes as a Parquet file, opened and read in every way there is.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzParquetReader(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    ParquetFuzz.run(UnsafeRawBufferPointer(start: start, count: count))
    return 0
}
