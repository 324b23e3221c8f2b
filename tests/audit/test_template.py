def test_clone_is_as_expected(database):
    with database.connect("app") as app:
        assert app.execute("select count(*) from audit_act").fetchone() == (0,)
