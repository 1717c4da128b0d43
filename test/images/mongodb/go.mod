module paklog.test/images/mongodb

go 1.26

require github.com/FerretDB/FerretDB/v2 v2.7.0
