print("spandrel")
