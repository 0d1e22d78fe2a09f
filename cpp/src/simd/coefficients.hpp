// Polynomial coefficients, lowest degree first. Made by cpp/tools/fit_polynomials.py.
// The comment gives the largest absolute error of the exact polynomial.
// Included inside the anonymous namespace of math.hpp: no include guard.

// (e^r - 1 - r) / r^2 on |r| <= ln2/2
template <class Real> struct expm1_tail;
// float: degree 4, error 6.5e-8
template <> struct expm1_tail<float> {
  static constexpr float at[] = {
      0.5f, 0.16666577f, 0.0416665546f, 0.00836317905f,
      0.00139261836f};
};
// double: degree 9, error 1.1e-16
template <> struct expm1_tail<double> {
  static constexpr double at[] = {
      0.500000000000000102, 0.166666666666666675, 0.0416666666666241279, 0.00833333333333006183,
      0.00138888889172137169, 0.000198412698630536169, 0.0000248015212959543751, 2.75572684599970648e-6,
      2.76200884454097482e-7, 2.51003854955103191e-8};
};

// (2^r - 1) / r on |r| <= 1/2
template <class Real> struct exp2_ratio;
// float: degree 4, error 3.2e-7
template <> struct exp2_ratio<float> {
  static constexpr float at[] = {
      0.693147181f, 0.240223488f, 0.0555038099f, 0.00966638785f,
      0.00133813217f};
};
// double: degree 10, error 1.3e-17
template <> struct exp2_ratio<double> {
  static constexpr double at[] = {
      0.693147180559945309, 0.240226506959100983, 0.0555041086648215944, 0.00961812910760685395,
      0.00133335581464169169, 0.000154035304417941374, 0.0000152527338298670806, 1.32154425525222915e-6,
      1.01780624269769234e-7, 7.07259302787899657e-9, 4.45496437126929679e-10};
};

// (atanh(s)/s - 1) / u, u = s^2 <= 1/9
template <class Real> struct atanh_tail;
// float: degree 3, error 1.5e-7
template <> struct atanh_tail<float> {
  static constexpr float at[] = {
      0.333333202f, 0.200037803f, 0.141183099f, 0.13425749f};
};
// double: degree 9, error 4.5e-17
template <> struct atanh_tail<double> {
  static constexpr double at[] = {
      0.333333333333333293, 0.200000000000072913, 0.142857142835543786, 0.111111113587139315,
      0.0909089471806642908, 0.0769278503247931155, 0.0665707210482746808, 0.0600053640479535627,
      0.0440036924307233694, 0.0808202280597176611};
};

// erf(z)/z, u = z^2 <= 1
template <class Real> struct erf_ratio;
// float: degree 6, error 1.2e-9
template <> struct erf_ratio<float> {
  static constexpr float at[] = {
      1.12837917f, -0.376126267f, 0.112835947f, -0.026854212f,
      0.00518908742f, -0.000801686429f, 7.87587506e-5f};
};
// double: degree 12, error 1.3e-19
template <> struct erf_ratio<double> {
  static constexpr double at[] = {
      1.12837916709551257, -0.376126389031837481, 0.112837916709548787, -0.0268661706450767932,
      0.00522397762481801447, -0.000854832698083378991, 0.000120553311116427109, -0.0000149255952668311816,
      1.6461000484121368e-6, -1.6350312701054695e-7, 1.46597752740474358e-8, -1.13728488567916737e-9,
      5.9571761477489114e-11};
};

// erfcx(x)/t, t = 2/(2+x), in y = 2t-1
template <class Real> struct erfcx_ratio;
// float: degree 9, error 1.3e-8
template <> struct erfcx_ratio<float> {
  static constexpr float at[] = {
      0.510791348f, 0.343580465f, 0.139736324f, 0.0182178727f,
      -0.0107569324f, -0.0032158154f, 0.00153914529f, 0.000353681516f,
      -0.000282748353f, 3.66532573e-5f};
};
// double: degree 22, error 2.7e-16
template <> struct erfcx_ratio<double> {
  static constexpr double at[] = {
      0.510791352621011364, 0.343580342206905232, 0.139736046278065448, 0.0182211157534105056,
      -0.0107553309466671666, -0.0032395925317797404, 0.00154530606719558576, 0.000418647982729245166,
      -0.000331537124226676649, -0.0000171851693454902366, 0.0000722374641951820305, -0.0000170779905908634222,
      -0.0000108550970584586578, 8.07453662279964075e-6, -5.49319436471878079e-7, -1.85748702586652103e-6,
      9.89264109488053909e-7, 5.61971076979651141e-8, -2.91348915191003241e-7, 1.06020236514307993e-7,
      2.29207534506656433e-8, -2.54189488080138927e-8, 5.12165219784883404e-9};
};

// (sin(r)/r - 1) / u, u = r^2 <= (pi/2)^2
template <class Real> struct sin_tail;
// float: degree 3, error 7.0e-9
template <> struct sin_tail<float> {
  static constexpr float at[] = {
      -0.16666666f, 0.00833324208f, -0.000198227322f, 2.63473272e-6f};
};
// double: degree 8, error 5.0e-22
template <> struct sin_tail<double> {
  static constexpr double at[] = {
      -0.166666666666666667, 0.0083333333333333333, -0.000198412698412698061, 2.75573192239712455e-6,
      -2.50521083823883681e-8, 1.60590434791344371e-10, -7.6471391073076927e-13, 2.8104683856171073e-15,
      -8.00602751852434927e-18};
};

// (cos(r) - 1 + u/2) / u^2, u = r^2 <= (pi/2)^2
template <class Real> struct cos_tail;
// float: degree 3, error 5.9e-10
template <> struct cos_tail<float> {
  static constexpr float at[] = {
      0.0416666661f, -0.00138888125f, 2.47860763e-5f, -2.65458673e-7f};
};
// double: degree 7, error 1.7e-20
template <> struct cos_tail<double> {
  static constexpr double at[] = {
      0.0416666666666666666, -0.00138888888888888801, 0.0000248015873015798432, -2.75573192215671544e-7,
      2.08767566025689034e-9, -1.14707122528751629e-11, 4.77787729076869111e-14, -1.52185592640945507e-16};
};
